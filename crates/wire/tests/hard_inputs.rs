//! Input that is broken, hostile or merely rude: always an answerable result, never a panic.

use openpbm_wire::ncpdp::segments::request::{
    Claim, Clinical, CoordinationOfBenefits, DurPps, Insurance, Pricing,
};
use openpbm_wire::ncpdp::{
    Date, DecodeError, Field, FieldId, Header, MAX_TRANSMISSION, Reason, Request, RequestHeader,
    Response, Segment,
};

use crate::fixtures::{B1, COMPOUND, FOUR, PAID, through};

const HEADER: usize = 56;

/// A request of one transaction with this segment, written `FSid…` with `~` for FS.
fn request(segment: &str) -> Vec<u8> {
    let mut bytes = B1[..HEADER].to_vec();
    bytes.extend_from_slice(b"\x1d\x1e\x1c");
    bytes.extend(segment.bytes().map(|byte| if byte == b'~' { 0x1c } else { byte }));
    bytes
}

/// Reads the segment and tells what is wrong: field, occurrence, reason.
macro_rules! faults {
    ($segment:ident, $text:expr) => {{
        let bytes = request($text);
        let request = Request::decode(&bytes).unwrap();
        let segment = request.transactions().next().unwrap().read::<$segment>().unwrap();
        let all = segment.faults().into_iter();
        all.map(|fault| (fault.id.to_string(), fault.occurrence, fault.reason)).collect::<Vec<_>>()
    }};
}

fn fault(number: &str, occurrence: u8, reason: Reason) -> Vec<(String, u8, Reason)> {
    vec![(number.to_owned(), occurrence, reason)]
}

#[test]
fn truncated_at_every_byte() {
    for whole in [B1, COMPOUND, FOUR] {
        for length in 0..whole.len() {
            let cut = &whole[..length];
            match Request::decode(cut) {
                Ok(request) => {
                    assert!(length >= HEADER);
                    let mut out = Vec::new();
                    request.encode(&mut out);
                    assert_eq!(out, cut);
                }
                Err(DecodeError::Header { offset, expected }) => {
                    assert_eq!((offset, expected), (length, HEADER));
                }
                Err(error) => assert_eq!(error, DecodeError::Field { offset: length - 1 }),
            }
            // What is there of the header can be read, whatever the rest.
            let header = RequestHeader::read(cut);
            let bin = if length >= 6 { Field::Value("900001") } else { Field::Absent };
            assert_eq!(header.bin, bin);
        }
    }
    for length in 0..PAID.len() {
        if let Ok(response) = Response::decode(&PAID[..length]) {
            let mut out = Vec::new();
            response.encode(&mut out);
            assert_eq!(out, &PAID[..length]);
        }
    }
}

#[test]
fn a_wrong_version_leaves_the_header_readable() {
    let mut bytes = B1.to_vec();
    bytes[6..8].copy_from_slice(b"51");
    assert_eq!(Request::decode(&bytes).unwrap_err(), DecodeError::Version { offset: 6 });
    let header = RequestHeader::read(&bytes);
    assert_eq!(header.version.value(), Some("51"));
    assert_eq!(header.service_provider_id.value(), Some("1999000015"));
    assert_eq!(header.date_of_service.value(), Date::new(2026, 6, 29));
}

#[test]
fn a_transaction_count_that_lies() {
    for (count, expected) in [
        (b'2', Reason::Count),
        (b'0', Reason::Count),
        (b'X', Reason::NotDigits),
        (b' ', Reason::Count),
    ] {
        let mut bytes = B1.to_vec();
        bytes[20] = count;
        let request = Request::decode(&bytes).unwrap();
        let fault = request.count_fault().unwrap();
        assert_eq!((fault.id, fault.offset), (FieldId::of("109-A9"), 20));
        assert_eq!(fault.reason, expected);
        assert_eq!(request.transactions().count(), 1);
    }
}

#[test]
fn five_transactions() {
    let mut bytes = FOUR.to_vec();
    let fifth = bytes.len() + 3;
    bytes.extend_from_slice(b"\x1d\x1e\x1cAM07\x1cEM1");
    assert_eq!(Request::decode(&bytes).unwrap_err(), DecodeError::Transactions { offset: fifth });
    assert_eq!(RequestHeader::read(&bytes).transaction_code.value(), Some("B1"));
}

#[test]
fn a_mebibyte_of_separators() {
    for separator in [0x1c, 0x1d, 0x1e] {
        let mut bytes = B1[..HEADER].to_vec();
        bytes.resize(1 << 20, separator);
        let error = Request::decode(&bytes).unwrap_err();
        assert_eq!(error, DecodeError::TooLong { length: 1 << 20 });
        // The most that is taken holds no field and no transaction.
        bytes.truncate(MAX_TRANSMISSION);
        let request = Request::decode(&bytes).unwrap();
        assert_eq!(request.transmission().segments().count(), 0);
        assert_eq!(request.transactions().count(), 0);
        assert_eq!(through::<RequestHeader<'_>>(&bytes).unwrap(), bytes);
    }
}

#[test]
fn nothing_but_the_smallest_fields() {
    let mut bytes = B1[..HEADER].to_vec();
    while bytes.len() + 4 <= MAX_TRANSMISSION {
        bytes.extend_from_slice(b"\x1e\x1cAM");
    }
    let request = Request::decode(&bytes).unwrap();
    assert_eq!(request.transmission().segments().count(), (MAX_TRANSMISSION - HEADER) / 4);
    assert_eq!(through::<RequestHeader<'_>>(&bytes).unwrap(), bytes);
}

#[test]
fn a_field_of_ten_thousand_bytes() {
    let long = "9".repeat(10_000);
    assert_eq!(faults!(Claim, &format!("AM07~D7{long}")), fault("407-D7", 1, Reason::TooLong));
    assert_eq!(faults!(Claim, &format!("AM07~E7{long}")), fault("442-E7", 1, Reason::NotDigits));
    assert_eq!(faults!(Claim, &format!("AM07~D5{long}")), fault("405-D5", 1, Reason::NotDigits));
}

#[test]
fn amounts_with_bad_signs() {
    for bad in ["12S", "1A2B", "}{", "12.50", "-1250", "+12", "1250-", "12 {", "a", "?"] {
        let faults = faults!(Pricing, &format!("AM11~D9{bad}"));
        assert_eq!(faults, fault("409-D9", 1, Reason::NotSigned), "{bad}");
    }
    let faults = faults!(Pricing, "AM11~D900000012345{");
    assert_eq!(faults, fault("409-D9", 1, Reason::TooLong));
}

#[test]
fn dates_that_no_calendar_has() {
    for bad in [
        "20260231", "20250229", "20261301", "20260001", "20260100", "2026061", "2026-6-1",
        "00000101", "1900022A",
    ] {
        let faults = faults!(Claim, &format!("AM07~DE{bad}"));
        assert_eq!(faults, fault("414-DE", 1, Reason::NotDate), "{bad}");
    }
    for good in ["20240229", "20000229", "99991231", "00010101"] {
        assert_eq!(faults!(Claim, &format!("AM07~DE{good}")), []);
    }
    let bytes = request("AM07~DE00000000");
    let request = Request::decode(&bytes).unwrap();
    let claim: Claim = request.transactions().next().unwrap().read().unwrap();
    assert_eq!(claim.date_prescription_written, Field::Blank);
}

#[test]
fn zero_absent_and_blank_are_three_things() {
    let quantity = |segment| {
        let bytes = request(segment);
        let request = Request::decode(&bytes).unwrap();
        let claim: Claim = request.transactions().next().unwrap().read().unwrap();
        claim.quantity_dispensed
    };
    assert_eq!(quantity("AM07~E70000"), Field::Value(0));
    assert_eq!(quantity("AM07~E70"), Field::Value(0));
    assert_eq!(quantity("AM07~E7"), Field::Blank);
    assert_eq!(quantity("AM07~E7   "), Field::Blank);
    assert_eq!(quantity("AM07~EM1"), Field::Absent);
}

#[test]
fn a_field_sent_twice() {
    let faults = faults!(Claim, "AM07~D530~D531");
    assert_eq!(faults, fault("405-D5", 2, Reason::Repeated));
    let faults = faults!(Claim, "AM07~NX1~NX1~DK2");
    assert_eq!(faults, fault("354-NX", 2, Reason::Repeated));
}

#[test]
fn counts_of_groups_that_lie() {
    assert_eq!(faults!(Claim, "AM07~NX2~DK2"), fault("354-NX", 1, Reason::Count));
    assert_eq!(faults!(Claim, "AM07~NX1~DK2~DK3"), fault("354-NX", 1, Reason::Count));
    assert_eq!(faults!(Claim, "AM07~DK2"), fault("354-NX", 1, Reason::Count));
    assert_eq!(faults!(Claim, "AM07~NX1"), fault("354-NX", 1, Reason::Count));
    assert_eq!(faults!(Claim, "AM07~NX0"), []);
    assert_eq!(faults!(Claim, "AM07~NXA~DK2"), fault("354-NX", 1, Reason::NotDigits));
    assert_eq!(faults!(DurPps, "AM08~7E1~E4DD~7E3~E4HD"), fault("473-7E", 2, Reason::Count));
    assert_eq!(faults!(DurPps, "AM08~E4DD"), fault("473-7E", 1, Reason::Count));
    assert_eq!(
        faults!(CoordinationOfBenefits, "AM05~4C1~5C01~HB2~HC07~DV10{"),
        fault("341-HB", 1, Reason::Count)
    );
    assert_eq!(
        faults!(Clinical, "AM13~VE1~WE02~DOE119~WE02~DOI10"),
        fault("491-VE", 1, Reason::Count)
    );
}

#[test]
fn faults_in_a_group_name_their_occurrence() {
    let faults = faults!(Pricing, "AM11~H72~H801~H910{~H802~H9BAD");
    assert_eq!(faults, fault("480-H9", 2, Reason::NotSigned));
}

#[test]
fn an_occurrence_may_lack_its_first_field() {
    let bytes = request("AM11~H73~H801~H910{~H920{~H803~H930{");
    let request = Request::decode(&bytes).unwrap();
    let pricing: Pricing = request.transactions().next().unwrap().read().unwrap();
    let amounts: Vec<_> = pricing
        .other_amounts
        .iter()
        .map(|other| (other.qualifier.value(), other.amount_cents.value()))
        .collect();
    assert_eq!(amounts, [(Some("01"), Some(100)), (None, Some(200)), (Some("03"), Some(300))]);
    assert_eq!(pricing.faults(), []);
}

#[test]
fn text_that_is_none() {
    let read = |name: &[u8]| {
        let mut bytes = B1[..HEADER].to_vec();
        bytes.extend_from_slice(b"\x1e\x1cAM04\x1cCC");
        bytes.extend_from_slice(name);
        bytes.extend_from_slice(b"\x1cC2CSC100001");
        let request = Request::decode(&bytes).unwrap();
        let insurance: Insurance = request.transmission().read().unwrap();
        // Its neighbours are not touched.
        assert_eq!(insurance.cardholder_id.value(), Some("CSC100001"));
        insurance.cardholder_first_name.get().map(|name| name.map(str::to_owned))
    };
    assert_eq!(read("JOSÉ".as_bytes()), Ok(Some("JOSÉ".to_owned())));
    assert_eq!(read(b"JOS\xc9").unwrap_err().reason, Reason::NotText);
    assert_eq!(read(b"JO\0E").unwrap_err().reason, Reason::NotText);
}

#[test]
fn errors_hold_no_personal_data() {
    let bytes = request("AM07~D2SECRET~DE19SECRET");
    let request = Request::decode(&bytes).unwrap();
    let claim: Claim = request.transactions().next().unwrap().read().unwrap();
    let messages: Vec<_> = claim.faults().iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "field 402-D2, occurrence 1, at byte 64 holds something other than digits; its picture \
             is 9(12)",
            "field 414-DE, occurrence 1, at byte 73 is no day of the calendar (ccyymmdd); its \
             picture is 9(8) ccyymmdd",
        ]
    );
}
