// Every diagnostic code with its explanation: what it means, why it is wrong, how to repair it.
//
// Codes are stable: scripts, lint switches and links hold on to them. A code is never renamed. Whoever
// adds a diagnostic adds its code here.

/** Code -> one paragraph, as `portcullis explain <code>` prints it. */
export const CODES: Readonly<Record<string, string>> = Object.freeze({
  // Directives and words.
  'unknown-directive':
    'The first word of the line is not a SecLang directive. A misspelt directive would silently switch off whatever it was meant to do, so the file is not loaded. Correct the spelling, or remove the line.',
  'apache-section':
    'The line opens or closes an Apache section such as <IfModule>. Sections belong to the Apache configuration, not to SecLang, and their condition cannot be judged here. Keep the directives between the two lines and remove the lines themselves.',
  'wrong-argument-count':
    'The directive has too few or too many words. The usual causes are a missing quote around words with blanks, a comment behind a directive (comments need a line of their own), or a backslash at the end of the last line of a rule.',
  'unclosed-quote':
    'A quote is opened and never closed on the same logical line. Everything behind it would belong to the quoted word. Close the quote, or end each physical line of a longer word with a backslash.',
  'text-after-quote':
    'A closing quote is followed directly by more text. Usually the word contains a quote that is not escaped: write \\" for a double quote inside a double-quoted word.',
  'blank-after-backslash':
    'The line ends with a backslash followed by blanks. Only a backslash that is the very last character of a line continues it; ModSecurity refuses such a file. Remove the blanks.',
  'swallowed-directive':
    'A line that begins with a directive was reached as the continuation of the line before, which ends with a backslash or inside a quote. Remove the backslash, or close the quote, so that the directive stands on its own.',
  'directive-too-long':
    'The directive, with its continuation lines, is longer than 1 MiB. No real rule is; the file is probably damaged. Long lists belong in a data file (@pmFromFile, @ipMatchFromFile).',
  'unclosed-dataset':
    'A SecDataset block is opened with a backtick at the end of the line, and no later line begins with a backtick to close it. Add a line that holds only a backtick.',
  'refused-directive':
    'The directive is known but deliberately not carried out, because doing so would be unsafe: rules are never downloaded while a rule set is loaded. Fetch and verify the file beforehand and Include it.',
  // Parts of a rule.
  'bad-target':
    'The list of targets cannot be read. It is made of variables, each with an optional selector behind a colon (ARGS:user, ARGS:/^u/), separated by "|" or ",", with "!" in front to exclude and "&" in front to count.',
  'unclosed-selector-regex':
    "A selector begins with a slash and so is a regular expression, but no closing slash follows. Close it, write a slash inside the expression as \\/, and quote a literal key that begins with a slash: ARGS:'/key'.",
  'empty-operator':
    'The operator is the empty word "". ModSecurity refuses it. Write @unconditionalMatch to match always, or @rx with a pattern.',
  'bad-operator':
    'An "@" that begins an operator has to be followed directly by the name of the operator, as in "@rx ^a". To search for text that begins with "@", write "@rx ^@" or "@beginsWith @".',
  'bad-action':
    "The list of actions cannot be read. It is made of actions separated by commas; a value follows a colon, and a value with commas or blanks stands in single quotes: \"id:1,phase:2,msg:'a, b'\". Inside the quotes, a single quote is written \\'.",
  // Include.
  'include-not-found':
    'The included file does not exist or cannot be read. Paths are looked up beside the including file first and then as given. Use IncludeOptional for a file that may be absent.',
  'include-no-match':
    'The pattern of an Include matches no file, so the rules it should bring are missing. Correct the pattern, or use IncludeOptional if there may be none.',
  'include-cycle':
    'The file includes itself, directly or through other files. Remove one of the Include directives in the circle.',
  'include-too-deep':
    'Files include each other more than 100 levels deep. This is nearly always a circle under changing names. Flatten the files.',
  'too-many-includes':
    'More than 10,000 files, or more than 256 MiB of text, are included in total. The limit keeps a few files that include each other repeatedly from exhausting the machine.',
  'too-many-problems':
    'The file has so many problems that the rest is not listed. It is probably not a SecLang file.',
  // Names.
  'unknown-variable':
    'The name is not a variable of the language. A rule over a variable that does not exist would never match, so the rule set is not loaded. Correct the spelling; names may be written in any case.',
  'unknown-operator':
    'The word behind "@" is not an operator. ModSecurity v3 would take the text for a regular expression, which then never matches; here it is an error.',
  'unknown-transformation':
    'The value of "t:" is not a transformation. Without it the rule would look at the value in a form its author did not mean.',
  'unknown-action':
    'The name is not an action. Actions are separated by commas, and a value with commas or blanks stands in single quotes, so a stray quote often turns part of a message into an "action".',
  'unknown-ctl-option':
    'The name behind "ctl:" is not something that can be changed in a running transaction, or it has no value. Write ctl:option=value.',
  'unknown-macro':
    'The name in "%{...}" is not a variable. The macro expands to nothing, as in ModSecurity v2; v3 refuses to load the rule.',
  'bad-macro':
    'A text begins like a macro and cannot be read as one: the closing brace is missing, or there is no variable name between the braces. Macros are written %{NAME} or %{COLLECTION.key}. Here and in ModSecurity v2 the text stays as it is; libmodsecurity and Coraza refuse to load the rule.',
  'unknown-marker':
    'No SecMarker of that name stands in the rule set. Every ModSecurity engine then skips the rest of the phase, which is hardly what was meant. Marker names are case-sensitive.',
  // Actions and their values.
  'misplaced-action':
    'The action is known but must not stand here: metadata and disruptive actions belong to the rule that starts a chain, and some actions make no sense as a default.',
  'missing-action-value': 'The action needs a value behind a colon, as in status:403.',
  'needless-action-value': 'The action takes no value; what stands behind the colon is ignored.',
  'bad-action-value':
    'The value of the action is not one it can work with; the message says which are.',
  'bad-rule-id':
    'A rule id is a number from 1 to 2147483647. ModSecurity v2 refuses larger ones. 1 to 99999 are set aside for rules of your own; distributors of rules have reserved the ranges above.',
  'bad-phase':
    'A phase is 1 (request headers), 2 (request body), 3 (response headers), 4 (response body) or 5 (logging).',
  // Rules and chains.
  'missing-id':
    'Every rule that is not part of a chain needs an id of its own, so that logs can name it and exclusions can reach it.',
  'duplicate-id':
    'Two rules have the same id. Exclusions and logs could not tell them apart, so every engine refuses it.',
  'missing-actions':
    'A SecRule without actions is allowed only as a later part of a chain; any other rule needs at least an id.',
  'unfinished-chain':
    'A rule with "chain" needs the next rule to follow directly. A SecMarker, another directive or the end of the rules cuts the chain off, and the rule could never match.',
  'marker-before-rule':
    'The SecMarker stands before the rule that skips to it. Skipping only goes forward, so the rest of the phase is skipped.',
  'selector-on-scalar':
    'The variable holds a single value, so there is nothing to select with a colon.',
  'bad-xpath':
    'The XPath of an XML target cannot be evaluated. XML:/* is the text of the whole document, XML://@* all attribute values.',
  // Operators and patterns.
  'missing-operator-argument': 'The operator needs an argument behind its name.',
  'bad-operator-argument':
    'The argument is not one the operator can work with; the message says why.',
  'invalid-regex':
    'The regular expression has a syntax error; the mark shows where. ModSecurity v3 would load it and never match.',
  'regex-unsupported':
    'The pattern uses something that PCRE2 knows but that cannot be run here safely.',
  'regex-needs-pcre2':
    'The pattern is not regular (it looks around, refers back or recurses) and needs PCRE2, which was not made available to the loader.',
  'missing-data-file':
    'The file that the operator reads does not exist or cannot be read. Paths are looked up beside the rule file first, then as given.',
  'bad-lua':
    'The Lua script of SecRuleScript, exec or @inspectFile does not compile; the place is in the script. Scripts are Lua 5.4, and compiled chunks are refused.',
  'lua-without-main':
    'The Lua script has no function main(), which is what is called. The rule loads, and every run of the script fails and is recorded as an error.',
  'bad-byte-range':
    'A byte range is a list of numbers and ranges from 0 to 255, low before high: 1-255, 9,10,13,32-126.',
  'bad-ip-prefix':
    'The item is not an IP address or a network in CIDR notation, such as 192.0.2.0/24 or 2001:db8::/32.',
  'missing-geo-database':
    '@geoLookup has no database to look in, so it never matches. Name one with SecGeoLookupDb.',
  'asks-name-servers':
    'The rule looks values up in a DNS block list. Each value that is not remembered is a question to name servers, which tells the list and everybody on the way who visits, and holds up that request for up to two seconds. A list that can be downloaded is better loaded with @ipMatchFromFile.',
  'missing-list-key':
    'The list dnsbl.httpbl.org of Project Honey Pot takes questions from who has a key only. Ask for one there and name it with SecHttpBlKey, before or behind the rule.',
  'bad-list-key':
    'The key of SecHttpBlKey is what Project Honey Pot gives out: twelve letters. It becomes part of a DNS name, so nothing else can stand there.',
  'program-not-allowed':
    'The rule runs a program, and rules run none unless whoever starts the engine allows it by its absolute path: --allow-program PATH for commands, openOutside({ programs: [PATH] }) in code. A rule set may come from elsewhere, and a program is more than a rule. Until then exec does nothing and @inspectFile never matches.',
  'bad-geo-database':
    "The file that SecGeoLookupDb names cannot be read, or is not a database in MaxMind's MMDB format or its legacy format (.dat: Country, Region or City), or it is damaged.",
  'missing-dataset':
    'There is no SecDataset of that name. It may stand before or behind the rule; names are case-sensitive.',
  'dataset-redefined':
    'A SecDataset of that name was given before. The last one holds for all rules, wherever they stand.',
  'bad-xml-grammar':
    'The DTD or schema of @validateDTD or @validateSchema has mistakes or names files that cannot be read. The rule loads and, as in ModSecurity, matches every document.',
  'bad-country':
    '@validateNid knows the national ids of Chile (cl) and the United States (us). The country comes first, then a pattern.',
  'bad-path-segment':
    'The path of @restpath holds braces that are not a segment with a name. Segments are written {name}; the name has letters, digits, dots, hyphens and underscores.',
  // Directives that change rules or settings.
  'bad-directive-value':
    'The value of the directive is not one it knows; the message lists those it does.',
  'other-dialect':
    'SecCompatibility asks for the ways of another engine, and that engine would not load this form.',
  'bad-rule-selector':
    'The directive selects rules by id, by range of ids (942000-942999), by tag or by message, and the word is none of these.',
  'no-rule-selected':
    'No rule that stands before this line is meant by it. Removals and updates work backwards only: load them behind the rules they change.',
  'incomplete-default-action':
    'SecDefaultAction needs a phase and a disruptive action, as in "phase:2,log,auditlog,pass".',
  'default-action-redefined':
    'SecDefaultAction was given for this phase before, with other actions. The new one holds for the rules behind it; ModSecurity v3 and Coraza refuse a second one.',
  'engine-not-set':
    'SecRuleEngine is never set. As in ModSecurity v2 that means Off: no rule runs.',
  'no-effect':
    'What is written here is accepted, so that existing files load, but changes nothing.',
  // Rules that are submitted as custom signatures.
  'no-rule': 'The text holds no rule. A signature is one SecRule, with the rules chained to it.',
  'not-a-rule':
    'A signature is one SecRule, with the rules chained to it. Settings, markers, exclusions, included files and unconditional rules change what other rules do, so they belong to the configuration.',
  'more-than-one-rule':
    'A signature is one rule, with those chained to it, so that it can be switched, measured and withdrawn as one. Often "chain" was forgotten in the rule before.',
  'msg-without-logdata':
    'A rule with msg must also have logdata, or whoever reads the event cannot tell what matched. This holds for each rule of a chain. logdata may stand alone.',
  'id-taken':
    'A rule that is loaded already has this id. The two could not be loaded together, and exclusions could not tell them apart.',
  'reserved-id':
    'OWASP CRS has reserved the ids 900000 to 999999. A rule of your own there collides with CRS sooner or later, and exclusions written for CRS may reach it.',
  'missing-phase':
    'The rule does not say in which phase it runs, and engines choose differently: phase 2 here, in ModSecurity v2 and in Coraza, phase 1 in libmodsecurity.',
  'variable-not-in-phase':
    'The variable is filled in a later phase than the one the rule runs in, so the rule never sees a value. Request bodies are known from phase 2 on, response headers from 3, response bodies from 4.',
  'variable-incomplete':
    'In this phase the variable holds only a part of what it will hold. ARGS, for one, has the query string from phase 1 on and the body from phase 2 on.',
  'macro-not-in-phase':
    'The macro names a variable that is filled in a later phase, so it expands to nothing when this rule runs.',
  'body-not-read':
    'The loaded rules do not switch on reading of the body, so the variable stays empty and the rule never matches.',
  'no-capture':
    'TX:0 to TX:9 hold what an operator found, but only in rules with "capture". Without it they hold nothing, or what some other rule has left there.',
  'acts-too-late':
    'What the action changes has happened by the time the rule runs, so it does nothing.',
  'disables-other-rules':
    'After a match, other rules are not run, do not block, or see less. In a signature that is submitted on its own, nobody expects that: a request that matches it on purpose escapes them.',
  'skip-in-signature':
    'A signature is one rule, so skip and skipAfter can only leave out rules of others, and which ones depends on where the signature is loaded.',
  'matches-everything':
    'Every value satisfies the condition, so the rule matches nearly every request. Blocking, it would take the site down.',
  'never-matches':
    'No request satisfies the condition, so the rule never matches. It would wait in the rule set for ever, and its author would rely on it.',
  'overridden-action':
    'A rule has one id, one phase, and one answer. Of several the last one counts, which is easily overlooked.',
  'regex-not-linear':
    'Regular patterns are searched in time linear in the value, whatever the value. This one uses something that is not regular, so it is searched under a budget, and a request made to use the budget up counts as an engine error.',
  'regex-from-macro':
    'The pattern is put together for each request, so neither its syntax nor its cost can be checked beforehand. If a client decides what the macro holds, it decides the pattern.',
  'needs-file':
    'The rule reads a file that is no part of the submission. It has to lie on every machine that runs the rule, or the rule does not load.',
  // Policies: the document.
  'policy-syntax':
    'The file is no YAML (or JSON, which is YAML too): a bracket is open, a key stands twice, or the indentation does not fit. Nothing of the document is used until it can be read.',
  'policy-unknown-field':
    'No field of that name exists at this place. A misspelt field would silently leave out what it was meant to say, so the document is refused. The JSON Schema of policies lets editors complete names.',
  'policy-missing-field': 'A field that the rule cannot do without is missing.',
  'policy-wrong-type':
    'The value is of another kind than the field takes: a number where a text is expected, or one value where there is a list. In YAML, write numbers and words like yes in quotes to have them as text.',
  'policy-unknown-value': 'The field takes one of a few words, and this is none of them.',
  'policy-wrong-value': 'The value cannot be read: a duration, an address, a region, a name.',
  'policy-duplicate':
    'A name is given twice, or a section that can only be there once stands in two files. Decisions, events and commands refer to rules by their names, so each is unique in its type.',
  'policy-unknown-name':
    'A target refers to a service, an endpoint or a label that the document does not have, so the rule would never apply.',
  'policy-source-criterion':
    'A source rule has exactly one kind of criterion: addresses, regions, emails or ipTypes. Write a rule for each kind.',
  'policy-action-matrix':
    'Not every action goes with every criterion: addresses can be blocked, allowed, blocked except, and monitored; regions not allowed; emails and kinds of addresses only blocked and monitored.',
  'policy-second-block-all-except':
    'Two rules that block all except some would block everybody who is not in both. An environment has at most one.',
  'policy-field-without-effect':
    'The field says something that does not go with the rest of the rule, so it would do nothing. Remove it, or change the action.',
  'policy-inject-and-block':
    'Header fields are added to messages that go on. A blocked one does not, so the two contradict each other.',
  'policy-redact-request':
    'Values are replaced in responses. A request with replaced values would no longer say what its sender meant; block it instead.',
  'policy-no-criteria':
    'A signature without any criterion matches every request; with action block it would take the site down.',
  'policy-name-without-part':
    'A name picks one header, cookie or parameter among many. This part of the message has no names.',
  'policy-operator-value': 'The operator needs another kind of value than it is given.',
  'policy-never-equal':
    'The condition compares with something that this part of a message never is, so it never holds; negated, it always does.',
  'policy-unknown-environment':
    'Rules may be for some environments only, and a process says which one it is. Rules for others do nothing in it, so a name that no rule has, or none at all, leaves rules out.',
  'policy-unknown-attribute':
    'The attribute is none of the facts that attribution and intelligence give of a source.',
  'policy-unknown-data':
    'The name is neither a data type that comes along nor one of the document.',
  'policy-unknown-pattern':
    'The name is no hash pattern of the document, so actors would have no key.',
  'policy-pattern': 'The regular expression cannot be read; PCRE syntax is expected.',
  'policy-pattern-bytes':
    'Requests are bytes, and so is what patterns are matched on. A letter outside ASCII is several bytes in UTF-8; in a class or directly in front of a repeat only one of them would be meant. Group it: (?:ü)+, (?:ä|ö|ü).',
  'policy-pattern-not-linear':
    'Policy patterns are searched in time linear in the value, whatever the value. This one uses something that is not regular, such as a backreference or a lookaround.',
  'policy-baseline-too-short':
    'A dynamic condition compares a window with the mean of the windows before it. A baseline that holds fewer than two windows has nothing to compare with.',
  'policy-table':
    'The order of the priority table is data, and every row has to be in it once, with the fallback last.',
  'policy-expired': 'The rule has an end that has passed. It does nothing.',
  'policy-repeated': 'Two rules say the same under two names. One of them is enough.',
  'policy-no-source':
    'The rule asks for something that no section of the document gives: a region without a geo database, a user without attribution. What is not known never holds, so the rule does nothing. Add the section, or remove the criterion.',
  'policy-overlap': 'The rule covers more, or less, than it seems to.',
  'policy-unreachable':
    'A row further up in the priority table always decides first, so the rule can never have an effect.',
  'bad-data-type-name':
    'Names of data types are written in small letters, digits and hyphens, so that they read the same in documents, events and commands.',
  'data-type-exists':
    'A data type or data set that comes along has this name already. Rules could not tell the two apart.',
  'unknown-data-type': 'The name is neither a data type nor a data set.',
  'empty-context':
    'A context is a list of words, one of which has to stand in front of a value. Without words it would never be met.',
  'unknown-checksum':
    'The check sum is none of those that are known. Without it every match of the pattern would count.',
  'regex-matches-nothing':
    'The pattern matches the empty text, so it would find a value everywhere.',
  'regex-unbounded':
    "A data type's values have a greatest length, so that a message can be searched while it arrives. This pattern has none.",
  'bad-hash-key':
    'The key of keyed hashes is missing or too short. Hashes under a key that can be guessed would give away what they stand for.',
  'policy-contradiction': 'Two entries of the document want opposite things of the same source.',
  // Policies: who is asking.
  'missing-intelligence-file':
    'The file of a source of intelligence does not exist or cannot be read. The source is off: criteria on what it would tell do not match, and traces say why. The rest of the policy works.',
  'bad-intelligence-data':
    'The file of a source of intelligence is damaged or has a mistake in a line. The source is off as a whole, because a list that is read by half lets some of what it names pass unseen.',
  'bad-token-key':
    'The key of a jwt attribution cannot be loaded or does not fit the algorithms. Without it no token can be verified, so the rule finds no user; it never falls back to users that nobody has verified.',
  'bad-hash-pattern':
    'A field of a hash pattern cannot be worked out, so the pattern would have no value for any request.',
  // Rule sets on disk.
  'crs-not-found': 'The directory named by --crs does not exist.',
  'crs-not-installed':
    'No CRS release of that version is installed. portcullis crs install puts one in place.',
  'crs-no-rules':
    'The directory has no rules/ folder with .conf files, so it would protect nothing.',
  'crs-no-setup':
    'The directory has neither crs-setup.conf nor crs-setup.conf.example. CRS refuses every request without its setup.',
  'crs-not-readable': 'A file of the rule set exists but cannot be read by this user.',
});
