# The middle of a rule: an operator with its argument, or a bare pattern, which means @rx.

operator ->
    test                                {% ([test]) => test %}
  | %negation test                      {% ([negation, test]) => build.negated(negation, test) %}

test ->
    %name                               {% ([name]) => build.operator(name, undefined) %}
  | %name %argument                     {% ([name, text]) => build.operator(name, text) %}
  | %pattern                            {% ([text]) => build.operator(undefined, text) %}
  | null                                {% () => build.operator(undefined, undefined) %}
