# SPDX-License-Identifier: MIT
"""icmp_peer.py 4|6 HOW   answers echo requests as no system does, until it is killed.

swapped    the second of two before the first
forged     at first by replies that are not right, then by the right one
flooding   by the right one, over and over, among many others that are not
"""

import socket
import struct
import sys

REQUEST, REPLY = {4: 8, 6: 128}, {4: 0, 6: 129}
LARGEST = 65_507  # bytes of payload


def checksum(packet):
    packet += b"\0" * (len(packet) % 2)
    total = sum(struct.unpack(f"!{len(packet) // 2}H", packet))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def reply(kind, identifier, sequence, payload, damage=0):
    """With its checksum, which the system writes again for IPv6."""
    head = struct.pack("!BBHHH", kind, 0, 0, identifier, sequence)
    total = checksum(head + payload) ^ damage
    return struct.pack("!BBHHH", kind, 0, total, identifier, sequence) + payload


def forgeries(family, identifier, sequence, payload):
    kind = REPLY[family]
    other = bytes(byte ^ 0xFF for byte in payload)
    yield reply(kind, identifier ^ 1, sequence, payload)
    yield reply(kind, identifier, sequence, other)
    yield reply(kind, identifier, sequence, other[:4])
    yield reply(kind, identifier, sequence, b"")
    yield reply(kind, identifier, sequence, payload[:3])
    yield reply(kind, identifier, sequence, payload + b"\0" * (LARGEST - len(payload)))
    yield reply(kind, identifier, sequence ^ 0x8000, other)
    if family == 4:
        yield reply(kind, identifier, sequence, payload, damage=0x0101)
        yield struct.pack("!BBH", kind, 0, 0xFFFF)  # half a header
    # An error about a packet of somebody else's.
    yield reply(3 if family == 4 else 1, 0, 0, b"\x45" + b"\0" * 60)


def flood(family, identifier, sequence, payload):
    kind = REPLY[family]
    for number in range(500):
        # What fits the receiver's buffer is chance; among so many some do.
        yield reply(kind, identifier, sequence, payload)
        yield reply(kind, identifier, number, payload)
        # To a request of which it knows all, and which there may not be.
        yield reply(kind, identifier, number, payload[:8] + struct.pack("!I", number) + payload[12:])
        yield reply(kind, identifier ^ 1 << number % 16, sequence, payload)


def main():
    family, how = int(sys.argv[1]), sys.argv[2]
    kind = (socket.AF_INET, socket.IPPROTO_ICMP) if family == 4 else (socket.AF_INET6, socket.IPPROTO_ICMPV6)
    heard = socket.socket(kind[0], socket.SOCK_RAW, kind[1])
    print("ready", flush=True)
    kept = None
    while True:
        packet, peer = heard.recvfrom(1 << 16)
        if family == 4:
            packet = packet[4 * (packet[0] & 15) :]
        if packet[0] != REQUEST[family]:
            continue
        identifier, sequence = struct.unpack("!HH", packet[4:8])
        answer = reply(REPLY[family], identifier, sequence, packet[8:])
        answers = [answer]
        if how == "forged":
            answers = [*forgeries(family, identifier, sequence, packet[8:]), answer]
        elif how == "flooding":
            answers = flood(family, identifier, sequence, packet[8:])
        elif how == "swapped":
            kept, answers = (None, [answer, kept]) if kept else (answer, [])
        for one in answers:
            heard.sendto(one, peer)


main()
