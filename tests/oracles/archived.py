"""archived.py FOLDER: PDFs whose signers' certificates are over, made by pyHanko, with what was kept of them and without,
into FOLDER, with roots.pem (trusted); prints what pyHanko's long-term validation (EN 319 102-1, 5.6.3) says of each."""

import asyncio
import functools
import io
import json
import logging
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import ocsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.signers import pdf_signer
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import ades, policy_decl
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager

from asn1crypto import crl as asn1_crl, ocsp as asn1_ocsp
from signatures import DAY, NOW, Identity, new_rsa, page, sign

LIVE = (-1500, 700)
# Everybody claims to have signed then.
pdf_signer.PdfSigningSession.__init__ = functools.partialmethod(
    pdf_signer.PdfSigningSession.__init__, system_time=NOW - 500 * DAY)
# What it stumbles over is told in its answer.
logging.disable()


def crl(issuer, at, days=9, revoked=()):
    """A list, with `at` in days from now."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject)
    builder = builder.last_update(NOW + at * DAY).next_update(NOW + (at + days) * DAY)
    for one, when, reason in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
        entry = entry.revocation_date(NOW + when * DAY).add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    made = builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    return asn1_crl.CertificateList.load(made)


def answer(certificate, issuer, responder, at, revoked=None):
    """An answer, with `at` in days from now: when it was produced."""
    status = ocsp.OCSPCertStatus.GOOD if revoked is None else ocsp.OCSPCertStatus.REVOKED
    since, why = (None, None) if revoked is None else (NOW + revoked * DAY, x509.ReasonFlags.key_compromise)
    builder = ocsp.OCSPResponseBuilder().add_response(certificate.certificate, issuer.certificate, hashes.SHA1(), status,
                                                      NOW + at * DAY, NOW + (at + 9) * DAY, since, why)
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, responder.certificate)
    builder = builder.certificates([responder.certificate])
    made = asn1_ocsp.OCSPResponse.load(
        builder.sign(responder.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER))
    # The builder knows no other time than now.
    basic = made["response_bytes"]["response"].parsed
    basic["tbs_response_data"]["produced_at"] = NOW + at * DAY
    signed = responder.key.sign(basic["tbs_response_data"].dump(), padding.PKCS1v15(), hashes.SHA256())
    basic["signature"] = signed
    return asn1_ocsp.OCSPResponse({"response_status": "successful", "response_bytes": {
        "response_type": "basic_ocsp_response", "response": basic}})


def stamper(tsa, root, at):
    made = DummyTimeStamper(tsa.asn1, tsa.private, fixed_dt=NOW + at * DAY)
    made.certs_to_embed.extend([tsa.asn1, root.asn1])
    return made


def keep(data, crls=(), ocsps=(), certs=()):
    out = io.BytesIO(data)
    DocumentSecurityStore.add_dss(out, None, crls=list(crls), ocsps=list(ocsps), certs=[one.asn1 for one in certs])
    return out.getvalue()


def stamp(data, by, field):
    out = io.BytesIO()
    signers.PdfTimeStamper(by, field_name=field).timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(data)), "sha256", validation_context=None, output=out)
    return out.getvalue()


def make(folder):
    root = Identity("Goc", new_rsa(), ca=True, span=LIVE)
    old_root = Identity("Goc cu", new_rsa(), ca=True, span=(-1500, -50))
    time_root = Identity("Goc thoi gian", new_rsa(), ca=True, span=LIVE)
    now_tsa = Identity("TSA", new_rsa(), time_root, usage="stamp", span=LIVE)
    old_tsa = Identity("TSA cu", new_rsa(), time_root, usage="stamp", span=(-900, -200), listed=True)
    lan = Identity("Lan", new_rsa(), root, span=(-900, -100), listed=True, asked=True)
    elder = Identity("Lan cu", new_rsa(), old_root, span=(-900, -100), listed=True)
    responder = Identity("Tra loi", new_rsa(), root, usage="answer", span=(-510, -480))
    lasting = Identity("Tra loi lau", new_rsa(), root, usage="answer", span=LIVE)
    now, old = (lambda at: stamper(now_tsa, time_root, at)), (lambda at: stamper(old_tsa, time_root, at))
    base = page()
    then = crl(root, -499)

    def signed(by=lan, stamper=now(-500)):
        return sign(base, by.signer(old_root if by is elder else root), stamper=stamper)

    def revoked(at, reason):
        return crl(root, -499, revoked=[(lan, at, reason)])

    stolen, superseded = x509.ReasonFlags.key_compromise, x509.ReasonFlags.superseded
    cases = {
        "good-kept": stamp(keep(signed(), [then]), now(-498), "T1"),
        "good-renewed": stamp(keep(stamp(keep(signed(stamper=old(-500)), [then]), old(-498), "T1"), [crl(time_root, -301)]), now(-300), "T2"),
        "renewed-token": stamp(keep(signed(stamper=old(-500)), [then, crl(time_root, -301)]), now(-300), "T1"),
        "good-answered": stamp(keep(signed(), ocsps=[answer(lan, root, lasting, -499)]), now(-498), "T1"),
        "good-answered-in-time": stamp(keep(signed(), ocsps=[answer(lan, root, responder, -499)], certs=[responder]), now(-498), "T1"),
        "good-authority-over": stamp(keep(signed(elder), [crl(old_root, -499)]), now(-498), "T1"),
        "good-list-of-that-day": stamp(keep(signed(), [crl(root, -501)]), now(-500), "T1"),
        "stamped-by-the-document": stamp(keep(signed(stamper=None), [then]), now(-498), "T1"),
        "superseded-since": stamp(keep(signed(), [crl(root, -300, revoked=[(lan, -310, superseded)])]), now(-298), "T1"),
        "revoked-since": stamp(keep(signed(), [crl(root, -300, revoked=[(lan, -310, stolen)])]), now(-298), "T1"),
        "answered-by-one-over": keep(signed(), ocsps=[answer(lan, root, responder, -499)]),
        "kept-after-the-authority": stamp(keep(signed(elder), [crl(old_root, -499)]), now(-40), "T2"),
        "bad-unstamped": keep(signed(stamper=None), [then]),
        "bad-uncleared": stamp(signed(), now(-498), "T1"),
        "bad-cleared-by-another": stamp(keep(signed(), [crl(time_root, -499)]), now(-498), "T1"),
        "bad-stamped-too-late": stamp(keep(signed(stamper=now(-99)), [crl(root, -101)]), now(-98), "T1"),
        "bad-renewed-too-late": stamp(keep(stamp(keep(signed(stamper=old(-500)), [then]), old(-498), "T1"), [crl(time_root, -199)]), now(-190), "T2"),
        "bad-renewed-uncleared": stamp(stamp(keep(signed(stamper=old(-500)), [then]), old(-498), "T1"), now(-300), "T2"),
        "bad-never-renewed": stamp(keep(signed(stamper=old(-500)), [then]), old(-498), "T1"),
        "bad-revoked": stamp(keep(signed(), [revoked(-520, stolen)]), now(-498), "T1"),
        "bad-answered-revoked": stamp(keep(signed(), [then], [answer(lan, root, responder, -499, revoked=-520)]), now(-498), "T1"),
        "list-of-before": stamp(keep(signed(), [crl(root, -520)]), now(-498), "T1"),
        "bad-list-of-later": stamp(keep(signed(), [crl(root, -90)]), now(-80), "T1"),
    }
    (folder / "roots.pem").write_bytes(b"".join(
        one.certificate.public_bytes(serialization.Encoding.PEM) for one in (root, old_root, time_root)))
    for name, data in cases.items():
        (folder / f"{name}.pdf").write_bytes(data)
    return [root, old_root, time_root], sorted(folder / f"{name}.pdf" for name in cases)


def judge(roots, path):
    rule = RevocationCheckingRule.CHECK_IF_DECLARED
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=[one.asn1 for one in roots]),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy(ee_certificate_rule=rule, intermediate_ca_cert_rule=rule)))
    gather = policy_decl.RevocationInfoGatheringSpec(online_fetching_rule=policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY)
    spec = policy_decl.PdfSignatureValidationSpec(policy_decl.SignatureValidationSpec(
        cert_validation_policy=policy, revinfo_gathering_policy=gather))
    try:
        reader = PdfFileReader(io.BytesIO(path.read_bytes()))
        result = asyncio.run(ades.ades_lta_validation(reader.embedded_regular_signatures[0], spec))
        said, ok = str(result.ades_subindic), result.ades_subindic == AdESPassed.OK
    except Exception as e:  # whatever it stumbles over is its answer
        said, ok = f"{type(e).__name__}: {e}", False
    return {"file": path.name, "path": str(path), "ok": ok, "said": said}


if __name__ == "__main__":
    trusted, paths = make(pathlib.Path(sys.argv[1]))
    print(json.dumps([judge(trusted, path) for path in paths], ensure_ascii=False))
