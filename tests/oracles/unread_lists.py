"""unread_lists.py FOLDER: files of a signer whom a list revokes that cannot be read as it should be, or beside whose list there
is one of which nobody can say what it is, made by hand: FOLDER/NAME/NAME.pdf with roots.pem (trusted) and lists.crl (given)
beside it; prints where they are, and what is expected (by_hand.py)."""

import json
import pathlib
import sys

from asn1crypto import pem

from by_hand import Cases, crl, integer, pdf, seq, tlv, utc
from signatures import DAY, NOW


def main(folder):
    cases = Cases()
    data, silent = pdf(cases.sign), crl(cases.root)
    revoked = seq(integer(cases.lan.serial), utc(NOW - 5 * DAY))

    def told(entries, **how): return crl(cases.ca, entries=entries, **how)
    def at(time): return seq(integer(cases.lan.serial), tlv(0x17, time))
    plain = told(revoked)
    found = []
    for label, expected, lists in [
            ("good-silent", "good", [silent]), ("revokes", "bad", [plain]), ("nothing", "bad", [b"\x30\3\2\1\1"]), ("no-der", "bad", [b"x" * 40]), ("cut", "bad", [plain[:-9]]),
            ("behind-it", "bad", [plain + b"\0"]), ("time-without-seconds", "bad", [told(at(b"2610010000Z"))]), ("time-with-zone", "bad", [told(at(b"261001000000+0700"))]),
            ("time-of-another-with-zone", "bad", [told(revoked + seq(integer(77), tlv(0x17, b"261001000000+0700")))]),
            ("serial-padded", "bad", [told(seq(tlv(2, b"\0\0" + integer(cases.lan.serial)[2:]), utc(NOW - 5 * DAY)))]),
            ("next-with-zone", "bad", [told(revoked, until=tlv(0x17, b"490101000000+0700"))])]:
        # A readable one of another authority comes first.
        place = folder / label
        place.mkdir(parents=True)
        (place / "roots.pem").write_bytes(b"".join(pem.armor("CERTIFICATE", one.der) for one in cases.roots))
        (place / "lists.crl").write_bytes(b"".join(pem.armor("X509 CRL", one) for one in [crl(cases.time_root), *lists]))
        path = place / f"{label}.pdf"
        path.write_bytes(data)
        found.append({"file": path.name, "path": str(path), "expected": expected})
    print(json.dumps(found))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
