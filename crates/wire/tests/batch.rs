//! Batch files, written and read.

use std::io::BufReader;

use openpbm_wire::ncpdp::batch::{BatchError, BatchHeader, Problem, Reader, Writer};
use openpbm_wire::ncpdp::{Date, Request, Time};
use proptest::collection::vec;
use proptest::prelude::{any, prop_assert_eq, proptest};

use crate::fixtures::{B1, B2, FOUR};

fn header() -> BatchHeader {
    BatchHeader {
        transmission_type: 'T',
        sender_id: "HARBORVIEW".to_owned(),
        batch_number: 42,
        creation_date: Date::new(2026, 6, 29).unwrap(),
        creation_time: Time::new(18, 30).unwrap(),
        file_type: 'P',
        version: "12".to_owned(),
        receiver_id: "OPENPBM".to_owned(),
    }
}

fn file(details: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &header()).unwrap();
    for (reference, transmission) in details {
        writer.detail(reference, transmission).unwrap();
    }
    writer.finish("").unwrap()
}

/// The references read, or the error; read through a buffer of `size` bytes.
fn read(bytes: &[u8], size: usize) -> Result<Vec<(String, Vec<u8>)>, BatchError> {
    let mut reader = Reader::new(BufReader::with_capacity(size, bytes))?;
    let mut found = Vec::new();
    while let Some(detail) = reader.next_detail()? {
        found.push((detail.reference.to_owned(), detail.transmission.to_vec()));
    }
    assert!(reader.trailer().is_some());
    Ok(found)
}

fn problem(bytes: &[u8]) -> (u64, String) {
    let error = read(bytes, 64).unwrap_err();
    (error.record, error.to_string())
}

#[test]
fn a_file_has_the_places_of_the_standard() {
    let bytes = file(&[("1", B2)]);
    let text = bytes.escape_ascii().to_string();
    let sender = format!("{:<24}", "HARBORVIEW");
    let receiver = format!("{:<24}", "OPENPBM");
    let opening =
        format!("\\x0200T{sender}0000042202606291830P12{receiver}\\x03\\x02G11         9000");
    assert!(text.starts_with(&opening), "{text}");
    let closing = format!("\\x02990000042{:010}{:35}\\x03", 3, "");
    assert!(text.ends_with(&closing), "{text}");
}

#[test]
fn what_is_written_is_read() {
    let details: [(&str, &[u8]); 3] = [("1", B1), ("2", FOUR), ("REF0000003", B2)];
    let bytes = file(&details);
    for size in [1, 2, 64, 1 << 16] {
        let found = read(&bytes, size).unwrap();
        let expected = details.map(|(one, bytes)| (one.to_owned(), bytes.to_vec()));
        assert_eq!(found, expected);
    }
    assert!(read(&file(&[]), 64).unwrap().is_empty());
    let reader = Reader::new(bytes.as_slice()).unwrap();
    assert_eq!(reader.header(), &header());
    let found = read(&bytes, 64).unwrap();
    assert!(found.iter().all(|(_, bytes)| Request::decode(bytes).is_ok()));
}

#[test]
fn line_ends_between_records_are_tolerated() {
    let bytes = file(&[("1", B1), ("2", B2)]);
    let spaced: Vec<u8> = bytes
        .iter()
        .flat_map(|&byte| if byte == 3 { b"\x03\r\n".to_vec() } else { vec![byte] })
        .collect();
    assert_eq!(read(&spaced, 7).unwrap().len(), 2);
}

#[test]
fn counts_and_numbers_are_checked() {
    let good = file(&[("1", B1)]);
    let trailer = good.len() - 56;
    let mut lying = good.clone();
    lying[trailer + 10 + 9] = b'9';
    assert_eq!(
        problem(&lying),
        (
            3,
            "record 3: the trailer counts 9 records (751); there are 3, header and trailer included"
                .to_owned()
        )
    );
    let mut other = good.clone();
    other[trailer + 9] = b'3';
    assert_eq!(problem(&other).0, 3);
    assert!(problem(&other).1.contains("806-5C"));
    let twice = [good.clone(), good].concat();
    assert_eq!(problem(&twice), (3, "record 3: another record follows the trailer".to_owned()));
}

#[test]
fn broken_files_name_the_record() {
    let good = file(&[("1", B1), ("2", B2)]);
    assert_eq!(problem(b"").0, 1);
    assert_eq!(problem(&good[1..]).1, "record 1: expected stx (0x02) at the start of the record");
    for length in 1..good.len() {
        let (record, _) = problem(&good[..length]);
        let whole = good[..length].iter().filter(|&&byte| byte == 3).count();
        assert_eq!(record, whole as u64 + 1);
    }
    let mut unreadable = good.clone();
    unreadable[40] = b'X';
    assert!(matches!(
        read(&good[..3], 64),
        Err(BatchError { record: 1, problem: Problem::Unended })
    ));
    assert!(matches!(
        read(&unreadable, 64),
        Err(BatchError { record: 1, problem: Problem::Field { field: "880-K2" } })
    ));
    let mut endless = good[..76].to_vec();
    endless.resize(1 << 20, b'X');
    endless[76] = 2;
    assert!(matches!(
        read(&endless, 4096),
        Err(BatchError { record: 2, problem: Problem::TooLong { .. } })
    ));
}

#[test]
fn nothing_is_written_that_could_not_be_read() {
    let mut writer = Writer::new(Vec::new(), &header()).unwrap();
    assert!(writer.detail("12345678901", B1).is_err());
    assert!(writer.detail("1", b"\x03").is_err());
    assert!(writer.detail("1", &[b'X'; 1 << 16]).is_err());
    writer.detail("1", B1).unwrap();
    assert_eq!(read(&writer.finish("").unwrap(), 64).unwrap().len(), 1);
    let long = BatchHeader { sender_id: "X".repeat(25), ..header() };
    assert!(Writer::new(Vec::new(), &long).is_err());
    let many = BatchHeader { batch_number: 10_000_000, ..header() };
    assert!(Writer::new(Vec::new(), &many).is_err());
}

proptest! {
    #[test]
    fn arbitrary_transmissions_come_back(
        details in vec(("[ -~]{0,9}[!-~]", vec(4u8.., 0..200)), 0..8),
        size in 1usize..100,
    ) {
        let borrowed: Vec<_> =
            details.iter().map(|(one, bytes)| (one.as_str(), bytes.as_slice())).collect();
        prop_assert_eq!(read(&file(&borrowed), size).unwrap(), details);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in any::<Vec<u8>>(), keep in 0usize..200) {
        let good = file(&[("1", B2)]);
        let _ = read(&[&good[..keep.min(good.len())], &bytes].concat(), 16);
    }
}
