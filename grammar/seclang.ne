# One directive: its name, then its words. The name's token type is the shape of the directive.
# Words are recognised by the lexer; how many a directive takes is said here and, for settings, in the
# table of directives.

directive ->
    %rule word word                     {% ([name, a, b]) => build.directive(name, [a, b]) %}
  | %rule word word word                {% ([name, a, b, c]) => build.directive(name, [a, b, c]) %}
  | %action word                        {% ([name, a]) => build.directive(name, [a]) %}
  | %defaultAction word                 {% ([name, a]) => build.directive(name, [a]) %}
  | %script word                        {% ([name, a]) => build.directive(name, [a]) %}
  | %script word word                   {% ([name, a, b]) => build.directive(name, [a, b]) %}
  | %marker word                        {% ([name, a]) => build.directive(name, [a]) %}
  | %include word                       {% ([name, a]) => build.directive(name, [a]) %}
  | %remove words                       {% ([name, all]) => build.directive(name, all) %}
  | %updateTarget word word             {% ([name, a, b]) => build.directive(name, [a, b]) %}
  | %updateTarget word word word        {% ([name, a, b, c]) => build.directive(name, [a, b, c]) %}
  | %updateAction word word             {% ([name, a, b]) => build.directive(name, [a, b]) %}
  | %dataset word word                  {% ([name, a, b]) => build.directive(name, [a, b]) %}
  | %setting                            {% ([name]) => build.directive(name, []) %}
  | %setting words                      {% ([name, all]) => build.directive(name, all) %}

words ->
    word                                {% ([first]) => [first] %}
  | words word                          {% ([list, next]) => build.append(list, next) %}

word ->
    %double                             {% ([token]) => token %}
  | %single                             {% ([token]) => token %}
  | %bare                               {% ([token]) => token %}
  | %block                              {% ([token]) => token %}
