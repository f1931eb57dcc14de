// Runs exchange records through libmodsecurity and says what matched and how long each took.
//
// Usage: libmodsecurity RULES RECORDS. RULES is a rule file; RECORDS is written by `portcullis bench`: fields
// with their length in front (32 bits, little-endian), see src/cli/bench-peer-files.ts. Then commands on stdin,
// answers on stdout:
//
//   ready VERSION MICROSECONDS          said once, when the rules are loaded
//   first              ->  a line for each record: MICROSECONDS ID,ID,... RULE:PHASE:STATUS ("-" for none)
//   timed FROM COUNT   ->  a line for each request: MICROSECONDS; then "changed N CPU-MICROSECONDS"
//   rss                ->  "rss KILOBYTES"
//
// Timed is what an embedding server has to do for each request, from creating the transaction to deleting it.
// Like ours, an exchange ends with its first interruption, and logging still runs.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <time.h>
#include <utility>
#include <vector>

#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#endif

#include <modsecurity/intervention.h>
#include <modsecurity/modsecurity.h>
#include <modsecurity/rule_message.h>
#include <modsecurity/rules_set.h>
#include <modsecurity/transaction.h>

namespace {

using Clock = std::chrono::steady_clock;
using Headers = std::vector<std::pair<std::string, std::string>>;

double MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double ProcessMicroseconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

class Reader {
 public:
  explicit Reader(const char *path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(std::string("cannot read ") + path);
    bytes_.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }

  bool AtEnd() const { return at_ == bytes_.size(); }

  uint32_t Number() {
    Need(4);
    uint32_t value = 0;
    for (int byte = 3; byte >= 0; byte--) {
      value = value << 8 | static_cast<unsigned char>(bytes_[at_ + byte]);
    }
    at_ += 4;
    return value;
  }

  std::string Text() {
    const uint32_t length = Number();
    Need(length);
    std::string text = bytes_.substr(at_, length);
    at_ += length;
    return text;
  }

  Headers Pairs() {
    Headers pairs;
    for (uint32_t left = Number(); left > 0; left--) {
      std::string name = Text();
      pairs.emplace_back(std::move(name), Text());
    }
    return pairs;
  }

 private:
  void Need(size_t count) const {
    if (bytes_.size() - at_ < count) throw std::runtime_error("the input file is cut off");
  }

  std::string bytes_;
  size_t at_ = 0;
};

struct Record {
  std::string client, server;
  int client_port, server_port;
  std::string method, uri, version;
  Headers headers;
  std::string body;
  bool has_response;
  int status;
  std::string response_version;
  Headers response_headers;
  std::string response_body;
};

struct Outcome {
  std::vector<int> matched;
  int phase = 0;
  int status = 0;
  long rule = 0;

  bool operator==(const Outcome &other) const {
    return matched == other.matched && phase == other.phase && status == other.status &&
           rule == other.rule;
  }
};

Record ReadRecord(Reader *reader) {
  Record record;
  record.client = reader->Text();
  record.client_port = static_cast<int>(reader->Number());
  record.server = reader->Text();
  record.server_port = static_cast<int>(reader->Number());
  record.method = reader->Text();
  record.uri = reader->Text();
  record.version = reader->Text();
  record.headers = reader->Pairs();
  record.body = reader->Text();
  record.has_response = reader->Number() != 0;
  if (record.has_response) {
    record.status = static_cast<int>(reader->Number());
    record.response_version = reader->Text();
    record.response_headers = reader->Pairs();
    record.response_body = reader->Text();
  }
  return record;
}

void OnLog(void *outcome, const void *message) {
  if (outcome == nullptr || message == nullptr) return;
  const auto *rule = static_cast<const modsecurity::RuleMessage *>(message);
  static_cast<Outcome *>(outcome)->matched.push_back(rule->m_ruleId);
}

// The rule's id is only to be had from the log text of the intervention: [id "949110"].
long RuleOf(const char *log) {
  const char *id = log == nullptr ? nullptr : std::strstr(log, "[id \"");
  return id == nullptr ? 0 : std::strtol(id + 5, nullptr, 10);
}

bool Interrupted(modsecurity::Transaction *transaction, int phase, Outcome *outcome) {
  modsecurity::ModSecurityIntervention it;
  modsecurity::intervention::clean(&it);
  transaction->intervention(&it);
  const bool disruptive = it.disruptive != 0;
  if (disruptive) {
    outcome->phase = phase;
    outcome->status = it.status;
    outcome->rule = RuleOf(it.log);
  }
  modsecurity::intervention::free(&it);
  return disruptive;
}

const unsigned char *Bytes(const std::string &text) {
  return reinterpret_cast<const unsigned char *>(text.data());
}

void RunPhases(modsecurity::Transaction *transaction, const Record &record, Outcome *outcome) {
  transaction->processConnection(record.client.c_str(), record.client_port, record.server.c_str(),
                                 record.server_port);
  transaction->processURI(record.uri.c_str(), record.method.c_str(), record.version.c_str());
  for (const auto &header : record.headers) {
    transaction->addRequestHeader(Bytes(header.first), header.first.size(), Bytes(header.second),
                                  header.second.size());
  }
  transaction->processRequestHeaders();
  if (Interrupted(transaction, 1, outcome)) return;
  if (!record.body.empty()) {
    transaction->appendRequestBody(Bytes(record.body), record.body.size());
    if (Interrupted(transaction, 2, outcome)) return;
  }
  transaction->processRequestBody();
  if (Interrupted(transaction, 2, outcome) || !record.has_response) return;
  for (const auto &header : record.response_headers) {
    transaction->addResponseHeader(Bytes(header.first), header.first.size(), Bytes(header.second),
                                   header.second.size());
  }
  transaction->processResponseHeaders(record.status, record.response_version);
  if (Interrupted(transaction, 3, outcome)) return;
  transaction->appendResponseBody(Bytes(record.response_body), record.response_body.size());
  if (Interrupted(transaction, 4, outcome)) return;
  transaction->processResponseBody();
  Interrupted(transaction, 4, outcome);
}

double Run(modsecurity::ModSecurity *engine, modsecurity::RulesSet *rules, const Record &record,
           Outcome *outcome) {
  const auto start = Clock::now();
  auto *transaction = new modsecurity::Transaction(engine, rules, outcome);
  RunPhases(transaction, record, outcome);
  transaction->processLogging();
  double us = MicrosecondsSince(start);
  // The rule that interrupts is left out of the server log, because its text goes with the intervention.
  for (const auto &message : transaction->m_rulesMessages) {
    outcome->matched.push_back(message.m_ruleId);
  }
  const auto deletion = Clock::now();
  delete transaction;
  us += MicrosecondsSince(deletion);
  std::sort(outcome->matched.begin(), outcome->matched.end());
  outcome->matched.erase(std::unique(outcome->matched.begin(), outcome->matched.end()),
                         outcome->matched.end());
  return us;
}

void PrintOutcome(double us, const Outcome &outcome) {
  std::printf("%.3f ", us);
  const char *separator = "";
  for (const int id : outcome.matched) {
    std::printf("%s%d", separator, id);
    separator = ",";
  }
  if (outcome.matched.empty()) std::printf("-");
  if (outcome.phase == 0) {
    std::printf(" -\n");
  } else {
    std::printf(" %ld:%d:%d\n", outcome.rule, outcome.phase, outcome.status);
  }
}

long ResidentKilobytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    if (word == "VmRSS:") {
      long kilobytes = 0;
      status >> kilobytes;
      return kilobytes;
    }
  }
  return 0;
}

int Serve(const char *rules_path, const char *records_path) {
  modsecurity::ModSecurity engine;
  engine.setConnectorInformation("portcullis-bench");
  // Not text: putting log lines together is the server's choice and would be charged to the engine.
  engine.setServerLogCb(OnLog, modsecurity::RuleMessageLogProperty);

  const auto start = Clock::now();
  modsecurity::RulesSet rules;
  if (rules.loadFromUri(rules_path) < 0) throw std::runtime_error(rules.getParserError());
  const double load_us = MicrosecondsSince(start);

  std::vector<Record> records;
  Reader reader(records_path);
  while (!reader.AtEnd()) records.push_back(ReadRecord(&reader));
  if (records.empty()) throw std::runtime_error("there are no records");
  std::vector<Outcome> first(records.size());

  std::printf("ready %s %.0f\n", MODSECURITY_VERSION, load_us);
  std::fflush(stdout);
  std::string command;
  while (std::cin >> command) {
    if (command == "first") {
      for (size_t index = 0; index < records.size(); index++) {
        const double us = Run(&engine, &rules, records[index], &first[index]);
        PrintOutcome(us, first[index]);
      }
    } else if (command == "timed") {
      size_t from = 0, count = 0, changed = 0;
      std::cin >> from >> count;
      std::vector<double> times(count);
      const double cpu = ProcessMicroseconds();
      for (size_t at = 0; at < count; at++) {
        const size_t index = (from + at) % records.size();
        Outcome outcome;
        times[at] = Run(&engine, &rules, records[index], &outcome);
        if (!(outcome == first[index])) changed++;
      }
      const double cpu_us = ProcessMicroseconds() - cpu;
      for (const double us : times) std::printf("%.3f\n", us);
      std::printf("changed %zu %.0f\n", changed, cpu_us);
    } else if (command == "rss") {
      std::printf("rss %ld\n", ResidentKilobytes());
    } else {
      throw std::runtime_error("unknown command: " + command);
    }
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: libmodsecurity RULES RECORDS\n");
    return 2;
  }
#ifdef __linux__
  // A run that is killed must not leave an engine behind that goes on with a request for minutes.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  try {
    return Serve(argv[1], argv[2]);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "libmodsecurity: %s\n", error.what());
    return 1;
  }
}
