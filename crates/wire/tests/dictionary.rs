//! The field dictionary, and that the document made of it is current.

use std::collections::BTreeMap;
use std::path::Path;

use openpbm_wire::ncpdp::fields::{FieldInfo, SEGMENTS, lookup, segments_with};
use openpbm_wire::ncpdp::{FieldId, Header, Picture, RequestHeader, ResponseHeader};

fn flatten(fields: &'static [FieldInfo]) -> Vec<&'static FieldInfo> {
    fields.iter().flat_map(|field| [vec![field], flatten(field.items)].concat()).collect()
}

fn all() -> Vec<&'static FieldInfo> {
    SEGMENTS.iter().flat_map(|segment| flatten(segment.fields)).collect()
}

#[test]
fn fields_are_found_by_id() {
    let quantity = lookup(FieldId::of("442-E7")).unwrap();
    assert_eq!(quantity.number, "442-E7");
    assert_eq!(quantity.title(), "quantity dispensed");
    assert_eq!(quantity.picture, Picture::Decimal(7, 3));
    assert_eq!(quantity.picture.to_string(), "9(7)v999");
    let names: Vec<_> = segments_with(FieldId::of("302-C2")).map(|segment| segment.name).collect();
    assert_eq!(names, ["insurance", "response insurance"]);
    assert_eq!(lookup(FieldId::of("480-H9")).unwrap().title(), "amount cents");
    assert!(lookup(FieldId::new(*b"ZZ")).is_none());
    assert_eq!(FieldId::of("409-D9").to_string(), "409-D9");
    assert_eq!(FieldId::new([b'Z', 0]).to_string(), "Z\\x00");
}

#[test]
fn one_id_has_one_number_and_one_picture() {
    let mut seen = BTreeMap::new();
    for field in all() {
        let form = (field.number, field.picture);
        assert_eq!(*seen.entry(field.id).or_insert(form), form, "{}", field.number);
    }
    assert_eq!(seen.len(), 313);
}

#[test]
fn every_field_is_well_described() {
    for field in all() {
        let (digits, id) = field.number.split_once('-').unwrap();
        assert!(digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(id.as_bytes(), field.id.bytes());
        assert!(field.meaning.trim().len() > 8, "{}", field.number);
    }
}

#[test]
fn headers_have_their_lengths() {
    assert_eq!((RequestHeader::LENGTH, ResponseHeader::LENGTH), (56, 31));
}

#[test]
fn segments_are_numbered_without_gap() {
    let ids: Vec<_> = SEGMENTS.iter().filter_map(|segment| segment.id).collect();
    let expected: Vec<_> = (1..=16).chain(20..=29).map(|id| format!("{id:02}")).collect();
    assert_eq!(ids.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
}

#[test]
fn the_document_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/ncpdp-fields.md");
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        committed == openpbm_wire::ncpdp::fields::reference(),
        "run `cargo run -p openpbm-wire --example field-table > docs/reference/ncpdp-fields.md`"
    );
}
