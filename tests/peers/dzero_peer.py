"""A D.0 library that we did not write talks to a running `openpbm demo`.

dzero-python builds the requests, openpbm decides them over TCP, dzero-python reads the answers.
usage: dzero_peer.py PATH_TO_OPENPBM
"""

import datetime
import socket
import subprocess
import sys

from dzero_python import Request, Response
from dzero_python import segments as s
from dzero_python.transmissions.groups import TransactionGroup

ZERO = "{ABCDEFGHI"


def money(cents):
    """A positive amount with the sign in its last digit."""
    digits = f"{cents:08d}"
    return digits[:-1] + ZERO[int(digits[-1])]


def amount(text):
    """Cents from a signed amount."""
    return None if text is None else int(text[:-1] + str(ZERO.index(text[-1])))


def header(code, count=1, **changes):
    fields = {
        "bin_number": "900001",
        "version": "D0",
        "transaction_code": code,
        "processor_control_number": "OPENPBM",
        "transaction_count": str(count),
        "service_provider_id_qualifier": "01",
        "service_provider_id": "1999000015",
        "date_of_service": datetime.datetime.now(datetime.timezone.utc).strftime("2026%m%d"),
        "software": "DZERO",
    }
    return {**fields, **changes}


def patient():
    return s.Patient({"C4": "19840312", "C5": "2"})


def insurance(**changes):
    return s.Insurance({"C2": "CSC100001", "C1": "CSCPPO", "C3": "01", **changes})


def claim(number, ndc="68180098003", quantity="0000030000", days="030", fill="00"):
    return [
        s.Claim({
            "EM": "1", "D2": f"{number:012d}", "E1": "03", "D7": ndc, "E7": quantity,
            "D3": fill, "D5": days, "D6": "1", "D8": "0",
        }),
        s.Prescriber({"EZ": "01", "DB": "1999000114"}),
        s.Pricing({"D9": money(90000), "DQ": money(90000), "DU": money(90000)}),
    ]


def billing(code, *claims, **changes):
    request = Request(header=header(code, len(claims)), segments=[patient(), insurance(**changes)])
    request.transaction_groups = [TransactionGroup(segments=segments) for segments in claims]
    return request


def ask(stream, request):
    stream.sendall(b"\x02" + request.to_s().encode("ascii") + b"\x03")
    answer = b""
    while not answer.endswith(b"\x03"):
        chunk = stream.recv(4096)
        if not chunk:
            raise SystemExit("the connection was closed without an answer")
        answer += chunk
    return Response.parse(answer[1:-1].decode("ascii"))


def segment(group, kind):
    return next((found for found in group.segments if isinstance(found, kind)), {})


def check(what, found, expected):
    print(f"{'ok' if found == expected else 'FAILED':7}{what}: {found}")
    if found != expected:
        raise SystemExit(f"{what}: found {found}, expected {expected}")


def statuses(response):
    return [segment(group, s.ResponseStatus)["AN"] for group in response.transaction_groups]


def only(response, kind):
    return segment(response.transaction_groups[0], kind)


def talk(stream):
    # Lisinopril 10 mg, 30 tablets: 0.01873 x 30 = 0.56 and a fee of 1.50, below the copay.
    first = ask(stream, billing("B1", claim(1)))
    check("header of a paid claim", first.header["header_response_status"], "A")
    check("transaction code", first.header["transaction_code"], "B1")
    check("a claim is paid", statuses(first), ["P"])
    check("the patient pays", amount(only(first, s.ResponsePricing)["F5"]), 206)
    check("the plan pays", amount(only(first, s.ResponsePricing)["F9"]), 0)
    check("its prescription", only(first, s.ResponseClaim)["D2"], f"{1:012d}")
    number = only(first, s.ResponseStatus)["F3"]

    again = ask(stream, billing("B1", claim(1)))
    check("the same claim again", statuses(again), ["D"])
    check("has the same number", only(again, s.ResponseStatus)["F3"], number)

    # Eliquis 5 mg, 60 tablets: 336.41; deductible 250.00 and copay 45.00.
    brand = ask(stream, billing("B1", claim(2, "00003089421", "0000060000")))
    pricing = only(brand, s.ResponsePricing)
    check("deductible and copay", [amount(pricing[f]) for f in ("FH", "FI", "F5")],
          [25000, 4500, 29500])

    four = billing("B1", claim(3, "00597015230"), claim(4, "00006027731"),
                   claim(5, "68180098003"), claim(6, "99999999999"))
    check("four claims in a transmission", statuses(ask(stream, four)), ["P", "P", "R", "R"])

    early = ask(stream, billing("B1", claim(1, fill="01")))
    check("the same drug twice a day", only(early, s.ResponseStatus)["FB"], "83")

    unknown = ask(stream, billing("B1", claim(7), C2="NOBODY"))
    check("an unknown card", only(unknown, s.ResponseStatus)["FB"], "52")

    reversal = billing("B2", claim(1)[:1])
    check("a reversal", statuses(ask(stream, reversal)), ["A"])
    check("a reversal twice", only(ask(stream, reversal), s.ResponseStatus)["FB"], "87")
    check("a rebill", statuses(ask(stream, billing("B3", claim(2, "00003089421")))), ["P"])

    asked = ask(stream, Request(header=header("E1"), segments=[patient(), insurance()]))
    check("eligibility", statuses(asked), ["A"])

    foreign = ask(stream, Request(header=header("B1", bin_number="999999")))
    check("a foreign BIN", foreign.header["header_response_status"], "R")


def main(program):
    listen = ["--http", "127.0.0.1:0", "--ncpdp", "127.0.0.1:0"]
    server = subprocess.Popen([program, "demo", "--no-traffic", *listen],
                              stdout=subprocess.PIPE, text=True)
    try:
        ready = server.stdout.readline().split()
        host, port = dict(part.split("=") for part in ready[1:])["ncpdp"].rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=15) as stream:
            talk(stream)
    finally:
        server.terminate()
        server.wait(timeout=30)
    check("the server ends in good order", server.returncode, 0)


if __name__ == "__main__":
    main(sys.argv[1])
