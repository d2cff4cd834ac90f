"""Kills a serving `openpbm` with SIGKILL at random moments and checks, after each restart, that
every acknowledged claim is there, that none was applied twice, and that the journal verifies.

usage: kill.py PATH_TO_OPENPBM [KILLS] [SEED]
"""

import datetime
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

FS, GS, RS = "\x1c", "\x1d", "\x1e"
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
CONNECTIONS, CLAIMS = 4, 120


def request(code, number):
    header = "900001D0" + code + "OPENPBM   1" + "01" + "1999000015".ljust(15) + f"{TODAY:%Y%m%d}"
    header += "KILL".ljust(10)
    fields = [
        RS + FS + "AM01" + FS + "C419840312" + FS + "C52",
        RS + FS + "AM04" + FS + f"C2KILL{number:06d}" + FS + "C1CSCPPO" + FS + "C301",
        GS + RS + FS + f"AM07{FS}EM1{FS}D2{number:012d}{FS}E103{FS}D700003089421",
        FS + f"E70000060000{FS}D300{FS}D5030{FS}D61{FS}D80",
        RS + FS + f"AM03{FS}EZ01{FS}DB1999000114",
        RS + FS + f"AM11{FS}DQ0009000{{{FS}DU0009000{{",
    ]
    return (header + "".join(fields)).encode("ascii")


class Server:
    """A serving openpbm."""

    def __init__(self, program, data):
        listen = ["--http", "127.0.0.1:0", "--ncpdp", "127.0.0.1:0"]
        self.process = subprocess.Popen([program, "serve", "--data", data, *listen],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        ready = dict(part.split("=") for part in self.process.stdout.readline().split()[1:])
        host, port = ready["ncpdp"].rsplit(":", 1)
        self.address = (host, int(port))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def ask(stream, message):
    stream.sendall(b"\x02" + message + b"\x03")
    answer = b""
    while not answer.endswith(b"\x03"):
        chunk = stream.recv(4096)
        if not chunk:
            raise ConnectionError("closed")
        answer += chunk
    fields = answer.decode("ascii").replace(GS, FS).replace(RS, FS).split(FS)
    pick = lambda id: [field[2:].rstrip("\x03") for field in fields if field[:2] == id]
    return pick("AN")[0], (pick("F3") or [None])[0], pick("FB")


class Pharmacy(threading.Thread):
    """Bills and reverses its own prescriptions, and keeps book of what was acknowledged."""

    def __init__(self, address, numbers, seed):
        super().__init__(daemon=True)
        self.address, self.numbers, self.random = address, numbers, random.Random(seed)
        self.acknowledged = {}   # number -> (authorization, or None once reversed)
        self.unsure = set()      # asked, and never answered

    def run(self):
        try:
            with socket.create_connection(self.address, timeout=10) as stream:
                for number in self.numbers:
                    self.bill(stream, number)
                    if self.random.random() < 0.3:
                        self.reverse(stream, number)
        except OSError:
            pass

    def bill(self, stream, number):
        self.unsure.add(number)
        status, id, codes = ask(stream, request("B1", number))
        self.unsure.discard(number)
        if status == "P":
            self.acknowledged[number] = id

    def reverse(self, stream, number):
        if number in self.acknowledged:
            self.unsure.add(number)
            status, _, _ = ask(stream, request("B2", number))
            self.unsure.discard(number)
            if status == "A":
                self.acknowledged[number] = None


def audit(address, pharmacies):
    """Asks again for everything that was acknowledged."""
    checked = 0
    with socket.create_connection(address, timeout=10) as stream:
        for pharmacy in pharmacies:
            for number, id in pharmacy.acknowledged.items():
                if number in pharmacy.unsure:
                    continue
                if id is None:
                    status, _, codes = ask(stream, request("B2", number))
                    if codes != ["87"]:
                        raise SystemExit(f"claim {number} was reversed, now {status} {codes}")
                else:
                    status, again, codes = ask(stream, request("B1", number))
                    if (status, again) != ("D", id):
                        raise SystemExit(f"claim {number} was paid as {id}, now {status} {codes}")
                checked += 1
    return checked


def run(program, *words):
    done = subprocess.run([program, *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def prepare(program, data, families):
    """Publishes the sample book for this year, and enrolls a family for each prescription."""
    book = pathlib.Path(data) / "book"
    for document in book.rglob("*"):
        if document.suffix in (".toml", ".csv"):
            text = document.read_text().replace("2026-", f"{TODAY.year}-")
            document.write_text(text)
    run(program, "book", "publish", str(book), "--data", data)
    header = (pathlib.Path(data) / "members.csv").read_text().splitlines()[0]
    rows = [f"KILL{n:06d},01,CSCPPO,Ada,Example,1984-03-12,female,subscriber,{TODAY.year}-01-01,,,,"
            for n in range(1, families + 1)]
    members = pathlib.Path(data) / "families.csv"
    members.write_text("\n".join([header, *rows]) + "\n")
    print(run(program, "import", "members", str(members), "--data", data).strip())


def main(program, kills=20, seed=None):
    seed = seed if seed is not None else random.randrange(1 << 32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    folder = tempfile.TemporaryDirectory()
    data = str(pathlib.Path(folder.name) / "pbm")
    run(program, "init", data)
    prepare(program, data, kills * CONNECTIONS * CLAIMS)
    total, next_number = 0, 1
    for kill in range(1, kills + 1):
        server = Server(program, data)
        pharmacies = []
        for _ in range(CONNECTIONS):
            numbers = range(next_number, next_number + CLAIMS)
            next_number += CLAIMS
            pharmacies.append(Pharmacy(server.address, numbers, dice.random()))
        for pharmacy in pharmacies:
            pharmacy.start()
        time.sleep(dice.uniform(0.02, 0.4))
        server.kill()
        for pharmacy in pharmacies:
            pharmacy.join()
        server = Server(program, data)
        checked = audit(server.address, pharmacies)
        server.kill()
        total += checked
        if kill % 5 == 0 or kill == kills:
            print(f"kill {kill} of {kills}: {total} acknowledged answers found again")
    print(run(program, "verify", "--data", data))
    print("ok: nothing acknowledged was lost, nothing was applied twice")


if __name__ == "__main__":
    main(sys.argv[1], *(int(word) for word in sys.argv[2:4]))
