# The right side of a rule. A run of commas and blanks is one separator, and one may stand at either
# end: ModSecurity 2 takes trailing and doubled commas, and blanks instead of commas.

list ->
    null                                {% () => undefined %}
  | %separator                          {% () => undefined %}
  | actions                             {% ([list]) => list %}
  | actions %separator                  {% ([list]) => list %}
  | %separator actions                  {% ([, list]) => list %}
  | %separator actions %separator       {% ([, list]) => list %}

actions ->
    action                              {% ([first]) => build.list(first) %}
  | actions %separator action           {% ([list, , next]) => build.append(list, next) %}

action ->
    %flag                               {% ([name]) => build.action(name, undefined) %}
  | %key                                {% ([name]) => build.action(name, undefined) %}
  | %key %bare                          {% ([name, value]) => build.action(name, value) %}
  | %key %quoted                        {% ([name, value]) => build.action(name, value) %}
