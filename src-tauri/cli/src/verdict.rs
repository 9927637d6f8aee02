//! A verdict for people at a terminal, one fact a line, in the window's words.

use saoy_core::app::contract::{Alteration, SignatureReport, VerifyView};
use serde::Serialize;
use serde_json::Value;

use crate::texts::{self, tag};

const VI: &str = include_str!("../../../ui/src/texts/verify.vi.json");
const EN: &str = include_str!("../../../ui/src/texts/verify.en.json");

/// A verdict in words.
pub fn told(view: &VerifyView) -> String {
    Words::of(if texts::english() { EN } else { VI }).verdict(view)
}

/// The tables, by the names the window has for them.
struct Words(Value);

impl Words {
    fn of(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    /// The word at a place, as `/after/label`; the place itself where there is none.
    fn at(&self, place: &str) -> String {
        self.0.pointer(place).and_then(Value::as_str).unwrap_or(place).to_owned()
    }

    /// The word for a tag of a table.
    fn of_tag(&self, table: &str, value: &impl Serialize) -> String {
        self.at(&format!("/{table}/{}", tag(value)))
    }

    fn verdict(&self, view: &VerifyView) -> String {
        let VerifyView { file, report, .. } = view;
        let mut lines = vec![format!("{}: {}", file, self.of_tag("verdict", &report.verdict))];
        lines.extend(report.reasons.iter().map(|reason| format!("  {}", self.of_tag("reason", reason))));
        lines.extend(report.code.iter().map(|code| format!("  {}: {}", self.at("/code"), code)));
        for (one, number) in report.signatures.iter().zip(1..) {
            lines.push(format!("{number}. {}: {}", self.of_tag("kind", &one.kind), one.signer));
            lines.extend(self.signature(one).into_iter().map(|line| format!("   {line}")));
        }
        lines.join("\n")
    }

    fn signature(&self, one: &SignatureReport) -> Vec<String> {
        let mut lines = vec![self.of_tag("verdict", &one.verdict)];
        let mut say = |label: &str, said: &str| lines.push(format!("{}: {said}", self.at(label)));
        for reason in &one.reasons {
            say("/reasons", &self.of_tag("reason", reason));
        }
        if let Some(certificate) = &one.certificate {
            say("/certificate/subject", &certificate.subject);
            say("/certificate/issuer", &certificate.issuer);
            say("/certificate/serial", &certificate.serial);
            let (from, until) = (&certificate.not_before, &certificate.not_after);
            say("/certificate/validity", &format!("{from} – {until}"));
        }
        say("/claimedTime", one.claimed_time.as_deref().unwrap_or("–"));
        say("/trustedTime", one.trusted_time.as_deref().unwrap_or(&self.at("/noTrustedTime")));
        say("/coverage/label", &self.of_tag("coverage", &one.coverage));
        if let Some(after) = &one.after {
            say("/after/label", &self.of_tag("after", after));
        }
        lines.extend(one.alterations.iter().map(|one| format!("  – {}", self.alteration(one))));
        lines
    }

    /// What was done to which part, where.
    fn alteration(&self, one: &Alteration) -> String {
        let name = one.name.as_deref().map(|name| format!(" “{name}”")).unwrap_or_default();
        let place = |word: &str, number: Option<u32>| number.map(|n| format!("{} {n}", self.at(word)));
        let places = [place("/altered/page", one.page), place("/altered/object", one.object)];
        let places = places.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let places = if places.is_empty() { places } else { format!(" ({places})") };
        format!("{} {}{name}{places}", self.of_tag("how", &one.how), self.of_tag("altered", &one.what))
    }
}

#[cfg(test)]
mod tests {
    use saoy_core::app::contract::{
        Altered, CertificateSummary, Change, Coverage, How, OurRecord, Reason, Report, SignatureKind, Verdict,
    };

    use super::*;

    #[test]
    fn a_verdict_is_told_one_fact_a_line_in_either_language() {
        let certificate = CertificateSummary {
            subject: "CN=Lan".into(),
            issuer: "CN=CA".into(),
            serial: "0a".into(),
            not_before: "2026-01-01".into(),
            not_after: "2027-01-01".into(),
        };
        let name = Some("Ô 1".to_owned());
        let signature = SignatureReport {
            kind: SignatureKind::Signature,
            signer: "Lan".into(),
            claimed_time: Some("2026-11-26T08:00:00+07:00".into()),
            trusted_time: None,
            coverage: Coverage::Partial,
            after: Some(Change::FormFilling),
            alterations: vec![Alteration {
                how: How::Changed,
                what: Altered::Field,
                page: Some(3),
                name,
                object: Some(12),
            }],
            certificate: Some(certificate),
            verdict: Verdict::Unknown,
            reasons: vec![Reason::Intact, Reason::UntrustedSigner],
        };
        let report = Report {
            verdict: Verdict::Unknown,
            reasons: vec![Reason::UntrustedSigner],
            signatures: vec![signature],
            code: None,
        };
        let record = OurRecord::NotCompared;
        let view = VerifyView { file: "a.pdf".into(), sha256: String::new(), size: 0, record, report };
        assert_eq!(
            Words::of(VI).verdict(&view),
            "a.pdf: Chưa xác định
  Chưa biết người ký này; chưa có chứng thư gốc tin cậy
1. Người ký: Lan
   Chưa xác định
   Lý do: Nội dung còn nguyên vẹn từ khi ký
   Lý do: Chưa biết người ký này; chưa có chứng thư gốc tin cậy
   Cấp cho: CN=Lan
   Nơi cấp: CN=CA
   Số chứng thư: 0a
   Hiệu lực: 2026-01-01 – 2027-01-01
   Thời điểm ghi trong chữ ký: 2026-11-26T08:00:00+07:00
   Thời gian được chứng nhận: không có dấu thời gian xác nhận được; chỉ có lời khai của người ký
   Phạm vi: một phần tệp
   Ghi thêm sau chữ ký: điền biểu mẫu
     – Sửa ô biểu mẫu “Ô 1” (trang 3, đối tượng 12)"
        );
        let english = Words::of(EN).verdict(&view);
        assert!(english.contains("Changed form field “Ô 1” (page 3, object 12)"), "{english}");
        assert!(!english.contains('/'), "every word is known: {english}");
    }
}
