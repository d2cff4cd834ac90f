"""Sends a claim for every family of a journal, over sixteen connections.

The claims are those of one fixture with another card on each, so they are rejected for the birth
date: but only when the family has been read, which is what this is for.
"""

import datetime
import socket
import sqlite3
import sys
import threading

CONNECTIONS = 16
OUTSTANDING = 16
STX, ETX = b"\x02", b"\x03"


def families(journal):
    connection = sqlite3.connect(f"file:{journal}?mode=ro", uri=True)
    return [row[0] for row in connection.execute("SELECT DISTINCT family FROM journal")]


def converse(port, claim, cards, answered):
    with socket.create_connection(("127.0.0.1", port)) as stream:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(cards), OUTSTANDING):
            some = cards[start : start + OUTSTANDING]
            framed = (STX + claim.replace(b"CSC100001", card.encode()) + ETX for card in some)
            stream.sendall(b"".join(framed))
            left = len(some)
            while left > 0:
                received = stream.recv(1 << 16)
                if not received:
                    return
                left -= received.count(ETX)
            answered.append(len(some))


def main():
    port, journal, fixture = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    today = datetime.datetime.now(datetime.timezone.utc).date().strftime("%Y%m%d").encode()
    with open(fixture, "rb") as file:
        claim = file.read().replace(b"20260629", today)
    cards, answered = families(journal), []
    threads = [
        threading.Thread(target=converse, args=(port, claim, cards[n::CONNECTIONS], answered))
        for n in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not cards or sum(answered) != len(cards):
        sys.exit(f"{sum(answered)} of {len(cards)} claims were answered")
    print(f"{len(cards)} families were asked for")


main()
