# The left side of a rule: targets separated by "|" or ",".

targets ->
    target                              {% ([first]) => build.list(first) %}
  | targets %separator target           {% ([list, , next]) => build.append(list, next) %}

target ->
    base                                {% ([base]) => build.prefixed(undefined, base) %}
  | %exclude base                       {% ([prefix, base]) => build.prefixed(prefix, base) %}
  | %count base                         {% ([prefix, base]) => build.prefixed(prefix, base) %}

base ->
    %name                               {% ([name]) => build.target(name, undefined) %}
  | %key                                {% ([name]) => build.target(name, undefined) %}
  | %key selector                       {% ([name, selector]) => build.target(name, selector) %}
  | %xmlKey                             {% ([name]) => build.target(name, undefined) %}
  | %xmlKey %quoted                     {% ([name, token]) => build.target(name, build.selector(token)) %}
  | %xmlKey xpath                       {% ([name, xpath]) => build.target(name, xpath) %}

selector ->
    %literal                            {% ([token]) => build.selector(token) %}
  | %quoted                             {% ([token]) => build.selector(token) %}
  | %regex                              {% ([token]) => build.selector(token) %}

# Brackets are matched so that a separator inside of them belongs to the XPath.
xpath ->
    part                                {% ([part]) => part %}
  | xpath part                          {% ([first, last]) => build.xpath(first, last) %}

part ->
    %xpath                              {% ([token]) => build.selector(token) %}
  | %open %close                        {% ([open, close]) => build.xpath(build.selector(open), build.selector(close)) %}
  | %open xpath %close                  {% ([open, , close]) => build.xpath(build.selector(open), build.selector(close)) %}
