//! What may happen to a dossier, and what may not.

use proptest::prelude::*;

use super::*;

fn paper(place: u32, required: bool) -> Paper {
    Paper {
        place,
        component: format!("1.001193.{place:02}"),
        name: "Tờ khai".into(),
        required,
        submission: None,
        count: 1,
        record: None,
        note: String::new(),
        left_out: String::new(),
    }
}

fn dossier(state: State) -> Dossier {
    Dossier {
        id: "1".into(),
        code: provisional("ABCDEFGH", 1),
        provisional: true,
        request: Request { procedure: "1.001193".into(), sets: 1, ..Request::default() },
        catalogue: 1,
        procedure_name: "Đăng ký khai sinh".into(),
        field: "Hộ tịch".into(),
        term: "trong ngày".into(),
        received_at: "2026-11-24T09:00:00+07:00".into(),
        due_at: None,
        receiver: "Nguyễn Thị Lan".into(),
        unit: String::new(),
        holder: Holder::Counter,
        papers: vec![paper(1, true), paper(2, false)],
        results: Vec::new(),
        state,
        waiting_from: None,
        steps: Vec::new(),
    }
}

fn moved(moved: Move) -> Event {
    let step = Step { at: String::new(), moved, by: String::new(), reason: String::new() };
    Event::Moved { step, unit: None, holder: None }
}

#[test]
fn the_usual_way_from_the_greeting_to_the_result() {
    let mut case = dossier(State::Registered);
    case = case.after(&moved(Move::Receive)).unwrap();
    assert_eq!(case.after(&moved(Move::Forward)), Err(NotNow::Incomplete(vec![1])), "a paper is missing");
    case = case.after(&Event::PaperCopied { place: 1, record: "r".into() }).unwrap();
    assert_eq!(case.papers[0].submission, Some(Submission::Original));
    assert_eq!(case.missing(), [0; 0]);
    for (step, state) in [
        (Move::AskSupplement, State::SupplementAsked),
        (Move::Supplement, State::Received),
        (Move::Forward, State::InProgress),
        (Move::AskFee, State::FeeAsked),
        (Move::PayFee, State::InProgress),
        (Move::Finish, State::Done),
        (Move::Return, State::Returned),
    ] {
        case = case.after(&moved(step)).unwrap();
        assert_eq!(case.state, state);
    }
    assert_eq!(case.steps.len(), 8, "the log keeps every step");
}

#[test]
fn illegal_moves_say_why() {
    let no = |state: State, step| State::after(state, step, None).unwrap_err();
    assert_eq!(
        no(State::Registered, Move::Forward),
        Illegal { state: State::Registered, moved: Move::Forward }
    );
    for closed in [State::Refused, State::Withdrawn, State::Stopped, State::Returned] {
        assert!(closed.moves(None).is_empty(), "{closed:?} is an end");
    }
    assert!(State::Received.after(Move::Receive, None).is_err(), "received once");
    assert!(
        State::Received.after(Move::Refuse, None).is_err(),
        "what was received is not refused, it is stopped"
    );
    assert!(State::SupplementAsked.after(Move::Refuse, Some(State::Registered)).is_ok());
    assert!(State::SupplementAsked.after(Move::Refuse, Some(State::InProgress)).is_err());
}

#[test]
fn numbers_of_the_national_packet() {
    assert_eq!(State::ALL.map(State::number), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert_eq!(State::SupplementAsked.number(), 5);
}

#[test]
fn what_is_handed_in_decides_whether_it_is_copied() {
    let with = |submission, record: Option<&str>| {
        let paper = Paper { submission, record: record.map(str::to_owned), ..paper(1, true) };
        (paper.state(), paper.exemption())
    };
    assert_eq!(with(None, None), (PaperState::Missing, None));
    assert_eq!(with(Some(Submission::Original), None), (PaperState::ToCopy, None));
    assert_eq!(with(Some(Submission::Original), Some("r")), (PaperState::Copied, None));
    assert_eq!(with(Some(Submission::Electronic), None).0, PaperState::ToCopy);
    assert_eq!(with(Some(Submission::Shown), None), (PaperState::Exempt, Some(Exemption::Shown)));
    assert_eq!(with(Some(Submission::Photocopy), None), (PaperState::Exempt, Some(Exemption::Photocopy)));
    assert_eq!(
        with(Some(Submission::CertifiedCopy), None),
        (PaperState::Exempt, Some(Exemption::CertifiedCopy))
    );
    assert_eq!(with(Some(Submission::InStore), None).0, PaperState::Missing);
    assert_eq!(with(Some(Submission::InStore), Some("r")), (PaperState::Reused, Some(Exemption::InStore)));
    assert_eq!(with(Some(Submission::Secret), None), (PaperState::Refused, Some(Exemption::Secret)));
    assert_eq!(paper(1, false).state(), PaperState::NotGiven);
}

#[test]
fn what_is_copied_or_exempt_stays_so() {
    let case = dossier(State::Received);
    let copied = case.after(&Event::PaperCopied { place: 1, record: "r".into() }).unwrap();
    assert_eq!(
        copied.after(&Event::PaperCopied { place: 1, record: "s".into() }),
        Err(NotNow::Copied(1)),
        "a signed copy is not replaced"
    );
    assert_eq!(copied.after(&Event::PaperSet { paper: paper(1, true) }), Err(NotNow::Copied(1)));
    assert_eq!(case.after(&Event::PaperCopied { place: 9, record: "r".into() }), Err(NotNow::NoSuchPaper(9)));
    let secret = Paper { submission: Some(Submission::Secret), ..paper(2, false) };
    let case = case.after(&Event::PaperSet { paper: secret }).unwrap();
    assert_eq!(
        case.after(&Event::PaperCopied { place: 2, record: "r".into() }),
        Err(NotNow::Exempt(2, Exemption::Secret))
    );
    let gone = dossier(State::InProgress);
    assert_eq!(
        gone.after(&Event::PaperSet { paper: paper(1, true) }),
        Err(NotNow::Closed(State::InProgress))
    );
    let numbered = case.after(&Event::Numbered { code: "H56.14-261124-0001".into() }).unwrap();
    assert!(!numbered.provisional);
    assert_eq!(numbered.after(&Event::Numbered { code: "x".into() }), Err(NotNow::Numbered));
}

#[test]
fn codes_in_both_live_shapes() {
    for good in ["H56.14-240823-0001", "000.00.06.H56-231027-0361", "H56-240823-12345"] {
        assert_eq!(good.parse::<DossierCode>().unwrap().as_str(), good);
    }
    for bad in [
        "",
        "H56.14-240823-001",
        "h56-240823-0001",
        "H56..14-240823-0001",
        "H56-24082-0001",
        "-240823-0001",
        "H56 -240823-0001",
    ] {
        assert!(bad.parse::<DossierCode>().is_err(), "{bad}");
    }
    assert_eq!(DossierCode::new("H56.14", "261124", 7).as_str(), "H56.14-261124-0007");
    assert!(provisional("ABCDEFGH", 7).parse::<DossierCode>().is_err(), "never taken for an official one");
}

#[test]
fn a_reserved_range_is_used_up_and_no_further() {
    let range = Range::try_from("2000-2002".to_owned()).unwrap();
    assert_eq!(
        [None, Some(2000), Some(2001), Some(2002), Some(5)].map(|taken| range.next(taken)),
        [Some(2000), Some(2001), Some(2002), None, Some(2000)]
    );
    for bad in ["", "5", "9-3", "0-4", "a-b", "1-9999999"] {
        assert!(Range::try_from(bad.to_owned()).is_err(), "{bad}");
    }
}

fn any_move() -> impl Strategy<Value = Move> {
    proptest::sample::select(Move::ALL.to_vec())
}

proptest! {
    /// However a case goes, the state it waits from is known exactly while it waits, and an illegal
    /// move leaves it as it was.
    #[test]
    fn any_walk_keeps_its_footing(walk in prop::collection::vec(any_move(), 0..40)) {
        let mut case = dossier(State::Registered);
        case.papers.clear();
        for step in walk {
            match case.after(&moved(step)) {
                Ok(next) => {
                    prop_assert_eq!(next.state.is_waiting(), next.waiting_from.is_some());
                    prop_assert!(!next.waiting_from.is_some_and(State::is_waiting));
                    prop_assert_eq!(next.steps.len(), case.steps.len() + 1);
                    case = next;
                }
                Err(NotNow::Illegal(why)) => prop_assert_eq!(why, Illegal { state: case.state, moved: step }),
                Err(other) => return Err(TestCaseError::fail(format!("{other:?}"))),
            }
        }
    }
}

#[test]
fn a_paper_left_out_says_why_until_it_is_taken_in_or_copied() {
    let case = dossier(State::Received);
    let out = |place, reason: &str| Event::PaperLeftOut { place, reason: reason.into() };
    let left = case.after(&out(1, "thiếu dấu giáp lai")).unwrap();
    assert_eq!((left.papers[0].left_out.as_str(), left.missing()), ("thiếu dấu giáp lai", case.missing()));
    assert_eq!(left.after(&out(1, "")).unwrap(), case);
    let copied = left.after(&Event::PaperCopied { place: 1, record: "r".into() }).unwrap();
    assert_eq!(copied.papers[0].left_out, "");
    assert_eq!(copied.after(&out(1, "x")), Err(NotNow::Copied(1)));
}
