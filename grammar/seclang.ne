# One directive: its name, then its words. The name's token type is the shape of the directive.
# Words are recognised by the lexer; how many a directive takes is said here and, for settings, in the
# table of directives.

directive ->
    %rule word word                     {% ([name, a, b]) => build.directive(name, build.list(a, b)) %}
  | %rule word word word                {% ([name, a, b, c]) => build.directive(name, build.list(a, b, c)) %}
  | %action word                        {% ([name, a]) => build.directive(name, build.list(a)) %}
  | %defaultAction word                 {% ([name, a]) => build.directive(name, build.list(a)) %}
  | %script word                        {% ([name, a]) => build.directive(name, build.list(a)) %}
  | %script word word                   {% ([name, a, b]) => build.directive(name, build.list(a, b)) %}
  | %marker word                        {% ([name, a]) => build.directive(name, build.list(a)) %}
  | %include word                       {% ([name, a]) => build.directive(name, build.list(a)) %}
  | %remove words                       {% ([name, all]) => build.directive(name, all) %}
  | %updateTarget word word             {% ([name, a, b]) => build.directive(name, build.list(a, b)) %}
  | %updateTarget word word word        {% ([name, a, b, c]) => build.directive(name, build.list(a, b, c)) %}
  | %updateAction word word             {% ([name, a, b]) => build.directive(name, build.list(a, b)) %}
  | %dataset word word                  {% ([name, a, b]) => build.directive(name, build.list(a, b)) %}
  | %setting                            {% ([name]) => build.directive(name, undefined) %}
  | %setting words                      {% ([name, all]) => build.directive(name, all) %}

words ->
    word                                {% ([first]) => build.list(first) %}
  | words word                          {% ([list, next]) => build.append(list, next) %}

word ->
    %double                             {% ([token]) => token %}
  | %single                             {% ([token]) => token %}
  | %bare                               {% ([token]) => token %}
  | %block                              {% ([token]) => token %}
