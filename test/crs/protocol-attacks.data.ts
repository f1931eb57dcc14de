// Attacks on the protocol, tools that announce themselves, and answers that leak: blocked at level 1.

import type { ExchangeRecord } from '../../src/model/exchange.ts';
import type { Attack } from './injection-attacks.data.ts';
import { answer, form, get, multipart, query, request, upload } from './requests.ts';

const PROTOCOL = 'attack-protocol';

const protocol = (name: string, record: ExchangeRecord): Attack => ({
  name: `${PROTOCOL}, ${name}`,
  tag: PROTOCOL,
  record,
});

const withType = (type: string | readonly string[], body = 'a=b'): ExchangeRecord =>
  request('POST', '/contact', { 'Content-Type': type }, body);

export const protocolAttacks: readonly Attack[] = [
  protocol('TRACE', request('TRACE', '/')),
  protocol('CONNECT', request('CONNECT', 'internal.example:22')),
  protocol('invented method', request('JEFF', '/')),
  protocol('part of a method', request('ET', '/')),
  protocol('version 0.9', { ...get('/'), version: 'HTTP/0.9' }),
  protocol('malformed request line', { ...get('/'), line: 'GET / a b HTTP/1.1' }),
  protocol('GET with a body', request('GET', '/', {}, 'x=1')),
  protocol('length and chunks', request('POST', '/', { 'Transfer-Encoding': 'chunked', 'Content-Type': 'text/plain' }, 'x')),
  protocol('two lengths', request('POST', '/', { 'Content-Length': ['1', '7'], 'Content-Type': 'text/plain' }, 'x')),
  protocol('length with a sign', request('POST', '/', { 'Content-Length': '+1', 'Content-Type': 'text/plain' }, 'x')),
  protocol('obfuscated chunks', get('/', { 'Transfer-Encoding': 'xchunked' })),
  protocol('chunks with a control character', get('/', { 'Transfer-Encoding': '\x0bchunked' })),
  protocol('look-alike header', get('/', { Content_Length: '10' })),
  protocol('blank in a header name', get('/', { 'Transfer-Encoding ': 'chunked' })),
  protocol('line break in a header', get('/', { 'X-Test': 'a\r\nSet-Cookie: a=b' })),
  protocol('no Host', get('/', { Host: [] })),
  protocol('two Hosts', get('/', { Host: ['shop.example.com', 'evil.example'] })),
  protocol('Host with a path', get('/', { Host: 'shop.example.com/evil' })),
  protocol('empty Host', get('/', { Host: '' })),
  protocol('forwarded host with markup', get('/', { 'X-Forwarded-Host': 'a"><b>' })),
  protocol('Proxy', get('/', { Proxy: 'http://evil.example' })),
  protocol('X-Original-URL', get('/', { 'X-Original-URL': '/admin' })),
  protocol('compressed body', request('POST', '/', { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' }, '\x1f\x8b')),
  protocol('Connection drops a header', get('/', { Connection: 'close, X-Forwarded-For' })),
  protocol('many ranges', get('/', { Range: `bytes=${'0-1,'.repeat(30)}5-6` })),
  protocol('overlong target', get(`/?q=${'a'.repeat(17_000)}`)),
  protocol('line break in the path', get('/redirect/%0d%0aSet-Cookie:%20a=b')),
  protocol('response splitting', query('x\r\nSet-Cookie: a=b')),
  protocol('response splitting with a status', query('x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html')),
  protocol('request in a value', query('x\r\n\r\nGET /admin HTTP/1.1')),
  protocol('mail header', form({ email: 'a@b.example\r\nBcc: c@d.example' })),
  protocol('line break in a name', get('/?a%0d%0ab=1')),
  protocol('NUL in a value', get('/?file=a%00.png')),
  protocol('NUL in the path', get('/a%00.html')),
  protocol('ASCII in %u', get('/?q=%u003cb%u003e')),
  protocol('overlong UTF-8 in the path', get('/img/%c0%ae%c0%ae/x')),
  protocol('control character in the target', get('/a\x01b')),
  protocol('two Content-Types', withType(['text/plain', 'application/json'])),
  protocol('malformed Content-Type', withType('application/json, text/plain')),
  protocol('EBCDIC', withType('application/x-www-form-urlencoded; charset=ibm037')),
  protocol('UTF-7', withType('text/html; charset=utf-7')),
  protocol('charset twice', withType('application/json; charset=utf-8; charset=ibm037')),
  protocol('Base64 part', multipart([{ disposition: 'name="a"', lines: ['Content-Transfer-Encoding: base64'], body: 'YQ==' }])),
  protocol('part in another charset', multipart([{ disposition: 'name="a"', lines: ['Content-Type: text/plain; charset=shift_jis'], body: 'a' }])),
  protocol('charset by field', multipart([{ disposition: 'name="_charset_"', body: 'utf-7' }])),
  protocol('upload that leaves its folder', upload('../../shell.txt')),
  { name: 'attack-upload, PHP', tag: 'attack-upload', record: upload('avatar.php', 'image/png') },
  { name: 'attack-upload, PHP behind a picture', tag: 'attack-upload', record: upload('avatar.php.jpg', 'image/jpeg') },
  { name: 'attack-upload, JSP', tag: 'attack-upload', record: upload('x.jsp') },
  { name: 'attack-upload, ASP with a semicolon', tag: 'attack-upload', record: upload('x.asp;.jpg') },
  { name: 'attack-upload, settings of Apache', tag: 'attack-upload', record: upload('.htaccess') },
  protocol('fragment and broken encoding together', get('/?discount=100%#top')),
  protocol('cookies in an old format', get('/', { Cookie: '$Version=1; a="b; c=d"' })),
  protocol('Content-Type with a second boundary', request('POST', '/', { 'Content-Type': 'text/plain; boundary=a; boundary=b' }, 'x')),
  { name: 'attack-scanner, path', tag: 'attack-scanner', record: get('/nikto-test-aB3x.html') },
  { name: 'attack-scanner, mark', tag: 'attack-scanner', record: query('n3tsp4rk3r') },
  { name: 'attack-ssrf, socket', tag: 'attack-ssrf', record: get('/?unix:AAAA|http://internal.example/') },
  { name: 'attack-scanner, sqlmap', tag: 'attack-scanner', record: get('/', { 'User-Agent': 'sqlmap/1.8.4#stable (https://sqlmap.org)' }) },
  { name: 'attack-scanner, Nikto', tag: 'attack-scanner', record: get('/', { 'User-Agent': 'Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)' }) },
  { name: 'attack-scanner, Nuclei', tag: 'attack-scanner', record: get('/', { 'User-Agent': 'Nuclei - Open-source project (github.com/projectdiscovery/nuclei)' }) },
  { name: 'attack-scanner, Gobuster', tag: 'attack-scanner', record: get('/', { 'User-Agent': 'gobuster/3.6' }) },
  { name: 'attack-scanner, header of Acunetix', tag: 'attack-scanner', record: get('/', { 'Acunetix-Product': 'WVS/5.0' }) },
  { name: 'attack-scanner, out-of-band domain', tag: 'attack-scanner', record: query('http://c23b2la0kl1krjcrdj10cndmnioyyyyyn.oast.pro') },
  { name: 'attack-webshell, name', tag: 'attack-webshell', record: get('/wp-content/c99.php') },
  { name: 'attack-webshell, program among uploads', tag: 'attack-webshell', record: get('/wp-content/uploads/2024/05/x7.php') },
  { name: 'attack-webshell, client', tag: 'attack-webshell', record: form({ z: '@eval(base64_decode($_POST[z0]));' }) },
];

const leak = (name: string, body: string, status = 200): Attack => ({
  name: `attack-disclosure, ${name}`,
  tag: 'attack-disclosure',
  record: answer(body, status),
});

const page = (body: string): string => `<html><head><title>Page</title></head><body>${body}</body></html>`;

export const leaks: readonly Attack[] = [
  leak('MySQL', page("You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near ''1''' at line 1")),
  leak('PostgreSQL', page('ERROR:  syntax error at or near "from" LINE 1')),
  leak('Oracle', page('ORA-01756: quoted string not properly terminated')),
  leak('SQL Server', page("Unclosed quotation mark after the character string ''.")),
  leak('SQLite', page('SQLite3::SQLException: near "x": syntax error')),
  leak('Hibernate', page('org.hibernate.exception.SQLGrammarException: could not extract ResultSet')),
  leak('Java trace', page('<pre>java.lang.NullPointerException\n\tat com.example.Shop.buy(Shop.java:42)\n\tat com.example.Main.run(Main.java:7)</pre>'), 500),
  leak('PHP error', page('<br />\n<b>Warning</b>:  include(x.php): failed to open stream in <b>/var/www/index.php</b> on line <b>3</b><br />')),
  leak('Python trace', page('Traceback (most recent call last):\n  File "/app/views.py", line 3, in view\n')),
  leak('.NET error', page("<h1>Server Error in '/' Application.</h1>"), 500),
  leak('Node trace', page('<pre>TypeError: x is not a function<br> &nbsp; &nbsp;at handler (/srv/app/index.js:10:5)</pre>'), 500),
  leak('Go trace', page('panic: oops\n\ngoroutine 1 [running]:\nmain.main()')),
  leak('listing by Apache', '<html><head><title>Index of /backup</title></head><body><h1>Index of /backup</h1></body></html>'),
  leak('listing by IIS', '<html><body><pre><A HREF="/">[To Parent Directory]</A><br></pre></body></html>'),
  leak('PHP source', "<?php\n$db = mysqli_connect('localhost', 'root', 'secret');\n"),
  leak('JSP source', '<%@ page import="java.util.*" %>\n<html></html>'),
  leak('phpinfo', '<html><head><title>phpinfo()</title></head></html>'),
  leak('password file', page('<pre>root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin</pre>')),
  leak('output of id', page('uid=33(www-data) gid=33(www-data) groups=33(www-data)')),
  leak('private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq0Q\n'),
  leak('AWS key', page('key: AKIAIOSFODNN7EXAMPLE')),
  leak('GitHub token', page(`token: ghp_${'a1B2c3'.repeat(6)}`)),
  leak('settings', 'APP_NAME=Shop\nDB_PASSWORD=hunter22\nMAIL_HOST=smtp.example.com\n'),
  {
    name: 'attack-webshell, form and output',
    tag: 'attack-webshell',
    record: answer('<form method=post>Command: <input type=text name=cmd><input type=submit></form><pre>uid=33(www-data) gid=33(www-data)</pre>'),
  },
  {
    name: 'attack-webshell, page of a shell',
    tag: 'attack-webshell',
    record: answer('<html><head><title>b374k 2.8</title></head></html>'),
  },
];

