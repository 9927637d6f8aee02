//! Cards held under the reader, and the ways they arrive.

use chrono::NaiveDate;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::*;

const CARD: &str =
    "001087000001|012345678|Nguyễn Văn An|01031987|Nam|Số 1, phố Huế, Hai Bà Trưng, Hà Nội|25042021";

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn read(text: &str) -> CardReading {
    CardReading::parse(text, today()).unwrap()
}

/// The card with one field changed.
fn with(field: usize, value: &str) -> CardReading {
    let mut fields: Vec<&str> = CARD.split('|').collect();
    fields[field] = value;
    read(&fields.join("|"))
}

#[test]
fn a_card_is_read_without_doubt() {
    let card = read(CARD);
    assert_eq!(card.number, "001087000001");
    assert_eq!(card.old_number, "012345678");
    assert_eq!(card.name, "Nguyễn Văn An");
    assert_eq!(card.birth, Birth::Day { date: day(1987, 3, 1) });
    assert_eq!(card.sex, Some(Sex::Male));
    assert_eq!(card.address, "Số 1, phố Huế, Hai Bà Trưng, Hà Nội");
    assert_eq!(card.issued, Some(day(2021, 4, 25)));
    assert_eq!(card.doubts, []);
    assert_eq!(with(1, "").doubts, [], "no old number is usual");
}

#[test]
fn the_same_card_through_any_reader() {
    let decomposed: String = CARD.nfd().collect();
    for text in [
        format!("{CARD}\r\n"),
        format!("\u{feff}{CARD}"),
        format!("  {CARD} \n"),
        format!("\0{CARD}\u{200b}"),
        CARD.replace('|', " |\t"),
        CARD.replace("Văn An", "Văn  \u{a0}An"),
        format!("{CARD}|tên cha|tên mẹ||"),
        decomposed,
    ] {
        assert!(read(&text) == read(CARD), "{text:?}");
        assert!(looks_like_card(&text), "{text:?}");
    }
}

#[test]
fn old_cards_of_six_fields_lack_the_day_of_issue() {
    let card = read(CARD.rsplit_once('|').unwrap().0);
    assert_eq!((card.issued, card.doubts), (None, vec![Doubt::IssueMissing]));
}

#[test]
fn a_birth_known_only_by_its_year_stays_so() {
    let card = with(3, "00001987");
    assert_eq!((card.birth, card.doubts.len()), (Birth::Year { year: 1987 }, 0));
    assert_eq!(with(3, "00031987").birth, Birth::Month { year: 1987, month: 3 });
    let shown = serde_json::to_string(&card.birth).unwrap();
    assert_eq!(shown, r#"{"known":"year","year":1987}"#, "no invented first of January");
}

#[test]
fn sex_however_the_input_method_mangled_it() {
    for text in ["Nữ", "NỮ", "nữ", "Nu", "Nuw~", "Nuwx", "Nu74", "Nu+~", "N\u{1b0}\u{303}"] {
        assert_eq!(with(4, text).sex, Some(Sex::Female), "{text}");
    }
    assert_eq!(with(4, "NAM").sex, Some(Sex::Male));
    assert_eq!(with(4, "Nữ").doubts, [Doubt::NumberDisagreesWithSex]);
    assert_eq!((with(4, "X").sex, with(4, "X").doubts), (None, vec![Doubt::SexUnreadable]));
}

#[test]
fn a_mangled_name_is_doubted_and_left_as_it_came() {
    for name in [
        "Nguye^~n Van An",
        "Nguye64n Va8n An",
        "Nguyeenx Vawn An",
        "DDoox An",
        "Nguy\u{fffd}n",
        "Nguyá»…n An",
    ] {
        let card = with(2, name);
        assert_eq!((card.name.as_str(), card.doubts), (name, vec![Doubt::NameMangled]));
    }
    for name in ["H'Hen Niê", "K’Brêu", "Y Wơn Ksor", "Rơ Châm Ƀlưh", "NGUYỄN THỊ Ỷ"] {
        assert_eq!(with(2, name).doubts, [], "{name} is a name");
    }
    assert_eq!(with(2, "").doubts, [Doubt::NameMissing]);
    assert_eq!(with(5, "So^' 1, pho^' Hue^'").doubts, [Doubt::AddressMangled]);
}

#[test]
fn what_disagrees_is_a_doubt_never_a_refusal() {
    for (field, value, doubt) in [
        (0, "003087000001", Doubt::ProvinceUnknown),
        (0, "001287000001", Doubt::NumberDisagreesWithBirth),
        (0, "001088000001", Doubt::NumberDisagreesWithBirth),
        (0, "001187000001", Doubt::NumberDisagreesWithSex),
        (1, "12345", Doubt::OldNumberOdd),
        (3, "31021987", Doubt::BirthUnreadable),
        (3, "1987", Doubt::BirthUnreadable),
        (6, "31022021", Doubt::IssueUnreadable),
        (6, "", Doubt::IssueMissing),
        (6, "25112026", Doubt::IssuedInFuture),
        (6, "28021987", Doubt::IssuedBeforeBirth),
    ] {
        assert_eq!(with(field, value).doubts, [doubt], "{value}");
    }
    assert!(with(3, "25112026").doubts.contains(&Doubt::BirthInFuture));
    assert!(with(3, "01031887").doubts.contains(&Doubt::BirthLongAgo));
    assert!(with(3, "00000000").doubts.contains(&Doubt::BirthUnreadable));
}

#[test]
fn what_is_no_card_is_refused_by_its_reason() {
    let refused = |text: &str| CardReading::parse(text, today()).unwrap_err();
    assert_eq!(refused(" \r\n"), NotACard::Empty);
    assert_eq!(refused("https://example.vn/?a=1"), NotACard::TooFewFields);
    assert_eq!(refused("001087000001|012345678|Nguyễn Văn An|01031987|Nam"), NotACard::TooFewFields);
    assert_eq!(refused("a|b|c|d|e|f|g"), NotACard::NoNumber);
    assert_eq!(refused(&CARD.replacen("001", "01", 1)), NotACard::NoNumber);
    assert_eq!(refused(&format!("{CARD}\r\n{CARD}")), NotACard::ControlCharacters, "two cards in one burst");
    assert_eq!(refused(&CARD.replace("Văn", "V\u{1}n")), NotACard::ControlCharacters);
    assert_eq!(refused(&format!("{CARD}|{}", "x".repeat(1000))), NotACard::TooLong);
    for text in ["", "001087000001", "a|b|c|d|e|f|g", "H56.14-240823-0001"] {
        assert!(!looks_like_card(text), "{text}");
    }
}

#[test]
fn nothing_of_a_person_reaches_a_log() {
    let shown = format!("{:?}", with(4, "Nữ"));
    assert_eq!(shown, "CardReading { doubts: [NumberDisagreesWithSex], .. }");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}", fields in "[0-9]{10,13}(\\|[0-9Nam ữĐ\\r]{0,9}){0,9}") {
        for text in [text, fields] {
            let reading = CardReading::parse(&text, today());
            prop_assert!(reading.is_err() || looks_like_card(&text), "what is read looks like a card: {:?}", text);
        }
    }
}
