//! Catalogues as they arrive, and what clerks type to find a procedure.

use proptest::prelude::*;

use super::*;

const HEADER: &str = "Mã TTHC,Tên TTHC,Lĩnh vực,Thời hạn,Giờ chốt,Mã giấy tờ,Tên giấy tờ,Bắt buộc,Bản chính,Bản sao,Mã kết quả,Tên kết quả\n";

fn good(text: &str) -> Vec<Procedure> {
    let reading = read(text.as_bytes());
    assert_eq!(reading.issues, []);
    reading.procedures
}

fn issues(text: &str) -> Vec<(u32, String, LineIssueKind)> {
    read(text.as_bytes()).issues.into_iter().map(|i| (i.line, i.column, i.kind)).collect()
}

#[test]
fn one_row_a_paper_whatever_the_office_calls_its_columns() {
    let rows = "1.001193,Đăng ký khai sinh,Hộ tịch,trong ngày,15:00,1.001193.01,Tờ khai,x,1,0,KQ.G15.000031,Giấy khai sinh\n\
                1.001193,,,,,1.001193.02,\"Giấy chứng sinh, bản giấy\",Có,1,,,\n\
                2.000635,Cấp bản sao trích lục hộ tịch,Hộ tịch,,,,,,,,,\n";
    let procedures = good(&format!("{HEADER}{rows}"));
    assert_eq!(procedures.len(), 2);
    let birth = &procedures[0];
    assert_eq!((birth.term.as_str(), birth.cutoff.as_str()), ("trong ngày", "15:00"));
    assert_eq!(birth.papers.len(), 2);
    assert_eq!(birth.papers[1].name, "Giấy chứng sinh, bản giấy");
    assert_eq!((birth.papers[1].originals, birth.papers[1].copies), (Some(1), None), "unsaid stays unsaid");
    assert_eq!(birth.results[0].code, "KQ.G15.000031");
    assert_eq!(procedures[1].papers, []);

    let english = "code;name;field;note\r\n1.000894;Đăng ký kết hôn;Hộ tịch;ghi chú\r\n";
    let reading = read(format!("\u{feff}{english}").as_bytes());
    assert_eq!((reading.issues, reading.ignored), (vec![], vec!["note".to_owned()]));
    assert_eq!(reading.procedures[0].code, "1.000894");
}

#[test]
fn json_says_the_same() {
    let text = r#"{"sample": true, "procedures": [
        {"code": "1.001193", "name": "Đăng ký khai sinh", "field": "Hộ tịch", "term": "trong ngày", "level": "full",
         "papers": [{"code": "1.001193.01", "name": "Tờ khai", "required": true}]}]}"#;
    let reading = read(text.as_bytes());
    assert_eq!(reading.issues, []);
    assert!(reading.sample);
    assert_eq!(reading.procedures[0].level, Some(Level::Full));
}

#[test]
fn every_bad_line_is_named() {
    use LineIssueKind as Kind;
    let named = |rows: &str| issues(&format!("{HEADER}{rows}"));
    let is = |rows: &str, line: u32, column: &str, kind: Kind| {
        assert_eq!(named(rows), [(line, column.to_owned(), kind)], "{rows}");
    };
    is("9,Tên,Lĩnh vực,,,,,,,,,\n", 2, "code", Kind::BadCode);
    is("1.00119,Tên,Lĩnh vực,,,,,,,,,\n", 2, "code", Kind::BadCode);
    is(",Tên,Lĩnh vực,,,,,,,,,\n", 2, "code", Kind::Empty);
    is("1.001193,,Hộ tịch,,,,,,,,,\n", 2, "name", Kind::Empty);
    is("1.001193,Tên,Hộ tịch,sớm thôi,,,,,,,,\n", 2, "term", Kind::BadTerm);
    is("1.001193,Tên,Hộ tịch,,25:00,,,,,,,\n", 2, "cutoff", Kind::BadHour);
    is("1.001193,Tên,Hộ tịch,,,A.1,Tờ khai,,,,,\n", 2, "required", Kind::Empty);
    is("1.001193,Tên,Hộ tịch,,,A.1,Tờ khai,có lẽ,,,,\n", 2, "required", Kind::BadWord);
    is("1.001193,Tên,Hộ tịch,,,A.1,Tờ khai,x,một,,,\n", 2, "originals", Kind::BadNumber);
    is("1.001193,Tên,Hộ tịch,,,A/1,Tờ khai,x,1,,,\n", 2, "paper_code", Kind::BadCode);
    is("1.001193,Tên,Hộ tịch,,,,Tờ khai,x,1,,,\n", 2, "paper_code", Kind::Empty);
    is("1.001193,Tên,Hộ tịch,,,,,,,,,\n1.001193,Khác,,,,,,,,,,\n", 3, "name", Kind::Contradicts);
    is(
        "1.001193,Tên,Hộ tịch,,,A.1,Tờ khai,x,,,,\n1.001193,,,,,A.1,Tờ khai,x,,,,\n",
        3,
        "paper_code",
        Kind::Twice,
    );
    is("1.001193,Tên,Hộ tịch,,,,,,,,,\n1.000894,Tên,Hộ tịch,,,,,,,,,,,,\n", 3, "", Kind::Malformed);
    let many = named("1.1,,Hộ tịch,?,,,,,,,,\n\n2.000635,Tốt,Hộ tịch,,,,,,,,,\n1.000894,Tên,,,,,,,,,,\n");
    let lines: Vec<u32> = many.iter().map(|issue| issue.0).collect();
    assert_eq!(lines, [2, 2, 2, 5], "all of them, by line, blank lines counted: {many:?}");

    assert_eq!(issues("Mã,Tên TTHC\n1,2\n")[0], (1, "code".into(), Kind::MissingColumn));
    assert_eq!(issues("")[0].2, Kind::MissingColumn);
    assert_eq!(issues(HEADER)[0].2, Kind::Empty);
    assert_eq!(read(b"code,name,field\n1.001193,\xff\xfe,x\n").issues[0].line, 2);
}

#[test]
fn bad_json_is_named_by_its_line() {
    use LineIssueKind as Kind;
    let text = "{\"procedures\": [\n{\"code\":\"1.001193\",\"name\":\"A\",\"field\":\"B\"},\n{\"code\":\"x\",\"name\":\"A\",\"field\":\"B\"},\n{\"code\":\"1.000894\",\"nam\":\"A\"},\n{\"code\":\"1.001193\",\"name\":\"A\",\"field\":\"B\"}]}";
    let named = issues(text);
    assert_eq!(
        named.iter().map(|(line, _, kind)| (*line, *kind)).collect::<Vec<_>>(),
        [(3, Kind::BadCode), (4, Kind::Malformed), (5, Kind::Twice)]
    );
    assert_eq!(issues("{\"procedures\": [")[0].2, Kind::Malformed);
    assert_eq!(issues("{}")[0].2, Kind::Malformed);
}

#[test]
fn the_shipped_sample_reads() {
    let sample = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/samples/procedures.json"));
    let reading = read(sample);
    assert_eq!(reading.issues, []);
    assert!(reading.sample && reading.procedures.len() >= 12);
    assert!(reading.procedures.iter().all(|p| !p.papers.is_empty() && !p.term.is_empty()));
}

#[test]
fn what_changes_is_told_fact_by_fact() {
    let before =
        good(&format!("{HEADER}1.001193,A,F,5 ngày,,,,,,,,\n1.000894,B,F,,,,,,,,,\n1.000656,C,F,,,,,,,,,\n"));
    let after = good(&format!(
        "{HEADER}1.001193,A,F,3 ngày,,P.1,Tờ khai,x,,,,\n1.000656,C,F,,,,,,,,,\n2.000635,D,F,,,,,,,,,\n"
    ));
    let changes = diff(&before, &after);
    assert_eq!(
        changes,
        [
            Change::Gone(&before[1]),
            Change::Changed(&after[0], vec![Fact::Term, Fact::Papers]),
            Change::New(&after[2])
        ]
    );
    assert_eq!(diff(&after, &after), []);
}

fn names(query: &str) -> Vec<&'static str> {
    const ALL: [(&str, &str, &str); 8] = [
        ("1.001193", "Đăng ký khai sinh", "Hộ tịch"),
        ("1.000894", "Đăng ký kết hôn", "Hộ tịch"),
        ("1.004884", "Đăng ký lại khai sinh", "Hộ tịch"),
        ("2.000635", "Cấp bản sao Trích lục hộ tịch", "Hộ tịch"),
        ("2.000908", "Cấp bản sao từ sổ gốc", "Chứng thực"),
        ("1.003000", "Bán đấu giá tài sản", "Đấu giá"),
        ("1.003001", "Bàn giao nhà ở", "Nhà ở"),
        ("1.000656", "Đăng ký khai tử", "Hộ tịch"),
    ];
    let index = Index::new(ALL);
    index.search(query, 20).into_iter().map(|place| ALL[place].1).collect()
}

#[test]
fn found_by_code_name_field_and_first_letters() {
    assert_eq!(names("1.0008"), ["Đăng ký kết hôn"]);
    assert_eq!(names("2.000908"), ["Cấp bản sao từ sổ gốc"]);
    assert_eq!(names("khai sinh")[..2], ["Đăng ký khai sinh", "Đăng ký lại khai sinh"]);
    assert_eq!(names("dang ky khai sinh")[0], "Đăng ký khai sinh");
    assert_eq!(names("DKKS"), ["Đăng ký khai sinh"]);
    assert_eq!(names("chung thuc"), ["Cấp bản sao từ sổ gốc"]);
    assert_eq!(names("ho tich").len(), 5);
    assert_eq!(names("ho tich")[0], "Cấp bản sao Trích lục hộ tịch", "in the name before in the field");
    assert_eq!(names("sinh khai")[0], "Đăng ký khai sinh", "words in any order");
    assert_eq!(names("").len(), 8);
    assert_eq!(names("xyz"), [""; 0]);
}

#[test]
fn exact_tones_come_first() {
    assert_eq!(names("bản")[..2], ["Cấp bản sao từ sổ gốc", "Cấp bản sao Trích lục hộ tịch"]);
    assert_eq!(names("bán")[0], "Bán đấu giá tài sản");
    assert_eq!(names("bàn")[0], "Bàn giao nhà ở");
    assert_eq!(names("ban").len(), 4, "without tones, all of them");
    assert_eq!(names("tử")[0], "Đăng ký khai tử");
    assert_eq!(names("từ")[0], "Cấp bản sao từ sổ gốc");
    assert!(names("đang ky khai sin").contains(&"Đăng ký khai sinh"), "half typed, half toned");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,300}", query in ".{0,30}") {
        let reading = read(text.as_bytes());
        prop_assert!(!reading.procedures.is_empty() || !reading.issues.is_empty());
        let with_header = read(format!("{HEADER}{text}").as_bytes());
        prop_assert!(!with_header.procedures.is_empty() || !with_header.issues.is_empty());
        names(&query);
    }
}
