# SPDX-License-Identifier: MIT
# Written by ci/completions.
Register-ArgumentCompleter -Native -CommandName socksend -ScriptBlock {
  param($word, $command, $position)
  @(
    @('-h', 'Print this help message and exit'),
    @('--help', 'Print this help message and exit'),
    @('--message', 'This text'),
    @('--hex', 'These bytes: pairs of hexadecimal digits'),
    @('--file', 'The content of this file; on a terminal, tells how far it is'),
    @('--zero', 'So many bytes of value 0'),
    @('--random', 'So many random bytes'),
    @('--prompt', 'Asks for one line at a time, and sends each over a connection of its own'),
    @('--lines', 'Each line; over UDP without its ending (what is done with standard input)'),
    @('--blocks', 'Whatever there is to read at a time'),
    @('--size', 'So many bytes; the last piece may have fewer'),
    @('--repeat', 'Sends a message or a file so often'),
    @('--rate', 'At most so many bytes, or over UDP datagrams, per second'),
    @('--interval', 'Waits so long between two pieces'),
    @('--delay', 'Waits so long before the first'),
    @('--udp', 'Sends datagrams (UDP), not a stream (TCP)'),
    @('-4', 'IPv4 addresses of HOST alone'),
    @('-6', 'IPv6 addresses of HOST alone'),
    @('--source', 'Sends from this address'),
    @('--source-port', 'Sends from this port'),
    @('--source-path', 'unix-dgram: sends from this path, where answers come'),
    @('--timeout', 'How long finding and reaching HOST may take (5)'),
    @('--retries', 'Tries so often again, after 0.1 s, 0.2 s, 0.4 s … up to 10 s'),
    @('--wait', 'Prints answers until so long after all is sent (over UDP 0, over TCP until the peer closes)'),
    @('--no-shutdown', 'Does not tell the peer that the input has ended'),
    @('--linger', '0: ends the connection with a reset'),
    @('--connect-only', 'Tells whether the port accepts connections, or which of PORT-PORT do; succeeds if any does'),
    @('--no-delay', 'TCP: sends small pieces at once'),
    @('--keep-alive', 'TCP: probes a connection that was idle for so many seconds'),
    @('--broadcast', 'UDP: HOST is a broadcast address; anybody may answer'),
    @('--dont-fragment', 'UDP: what is too long for a link fails'),
    @('--ttl', 'Routers that packets may pass'),
    @('--dscp', 'The class of the packets (RFC 2474)'),
    @('--send-buffer', 'In bytes (as the system has it)'),
    @('--receive-buffer', 'In bytes (as the system has it)'),
    @('--device', 'Everything leaves by this interface, whatever the routes say'),
    @('--interface', 'Multicasts leave by this interface'),
    @('--no-loop', 'This host does not hear the multicasts (on Windows the receiver decides)'),
    @('-v', 'Which address won, and how long each step took, on standard error'),
    @('--verbose', 'Which address won, and how long each step took, on standard error'),
    @('--hexdump', 'Both directions in hexadecimal and ASCII, instead of the answer'),
    @('--json', 'At the end one line of JSON on standard error; with --connect-only, one for each port on standard output')
  ) | Where-Object { $_[0] -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new(
      $_[0], $_[0], 'ParameterName', $_[1])
  }
}
Register-ArgumentCompleter -Native -CommandName socklisten -ScriptBlock {
  param($word, $command, $position)
  @(
    @('-h', 'Print this help message and exit'),
    @('--help', 'Print this help message and exit'),
    @('--discard', 'Nothing: it is thrown away'),
    @('--output', 'It is written to this file'),
    @('--output-dir', 'Each client, or datagram, is written to a file of its own here'),
    @('--name', 'Of these files: %n is the client''s number, %a its address, %p its port (%n-%a)'),
    @('--label', 'Each line follows the time and who sent it; lines stay whole'),
    @('--hexdump', 'Both directions in hexadecimal and ASCII, with their offsets'),
    @('--json', 'Events, one JSON object a line, on standard output; with the bytes, unless --output, --output-dir or --discard takes them'),
    @('-q', 'Standard error has complaints only, not who comes and goes'),
    @('--quiet', 'Standard error has complaints only, not who comes and goes'),
    @('--echo', 'What comes'),
    @('--reply', 'TEXT, or what is in FILE, once the client has sent something or finished; then nothing more. To each datagram'),
    @('--chat', 'What one sends, to all others'),
    @('--pipe', 'Standard input, to the one client that is served at a time; lines, to whoever sent the last datagram'),
    @('--count', 'Ends when so many clients, or datagrams, are done'),
    @('--once', 'As --count 1'),
    @('--max-connections', 'Serves so many clients at a time; further ones wait'),
    @('--max-bytes', 'Takes so many bytes from a client, and closes the connection'),
    @('--idle-timeout', 'Closes a connection on which nothing moved for so long'),
    @('--allow', 'Serves these alone: addresses, or networks such as 10.0.0.0/8 (not for unix:)'),
    @('--deny', 'Refuses these, also when they are allowed (not for unix:)'),
    @('--udp', 'Datagrams (UDP), not connections (TCP), where ADDRESS does not say'),
    @('--backlog', 'Connections that may wait to be accepted (as many as the system allows)'),
    @('--receive-buffer', 'Of each socket, in bytes (as the system has it)'),
    @('--share', 'Several programs hear the same multicasts'),
    @('--balance', 'The system spreads what arrives over the programs that listen so'),
    @('--everyone', 'Lets all users of this host connect to unix: addresses, not this one alone'),
    @('--multicast', 'Hears these groups, on UDP addresses of their family'),
    @('--interface', 'Hears groups on this interface'),
    @('--print-port', 'The number of each port, a line each, before all other output'),
    @('--ready-file', 'Appears once all ports are open; a line each, such as "tcp 127.0.0.1:7777"'),
    @('--statistics', 'Tells what came and went each time so much has passed, and at the end')
  ) | Where-Object { $_[0] -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new(
      $_[0], $_[0], 'ParameterName', $_[1])
  }
}
