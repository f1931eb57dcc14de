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
});
