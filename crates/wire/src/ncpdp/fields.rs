//! The field dictionary: what each field id means, from the same tables that read and write.

use super::block::{Block, Segment, SegmentId};
use super::field::FieldId;
use super::format::Picture;
use super::header::{Header, RequestHeader, ResponseHeader};
use super::segments::{request, response};

/// What is known of a field.
#[derive(Debug, Clone, Copy)]
pub struct FieldInfo {
    /// The standard's number and id, as `442-E7`.
    pub number: &'static str,
    /// The id on the wire.
    pub id: FieldId,
    /// The name of the struct member that holds it, as `quantity_dispensed`.
    pub name: &'static str,
    /// What it says, in our own words; lines of the documentation, blanks around them.
    pub meaning: &'static str,
    /// The form of its value.
    pub picture: Picture,
    /// Whether the field counts a repeating group, and how.
    pub repeats: Repeats,
    /// The fields of one occurrence, if it does.
    pub items: &'static [FieldInfo],
}

impl FieldInfo {
    /// The name for a person to read, as `quantity dispensed`.
    pub fn title(&self) -> String {
        self.name.replace('_', " ")
    }
}

/// How a field counts a repeating group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// It does not.
    No,
    /// It says, once, how many occurrences follow.
    Counted,
    /// It opens each occurrence with its number.
    Series,
}

/// A segment or fixed header and its fields.
#[derive(Debug, Clone, Copy)]
pub struct SegmentInfo {
    /// 111-AM; `None` for a header.
    pub id: Option<SegmentId>,
    /// Its name, as `response pricing`.
    pub name: &'static str,
    /// Its fields in canonical order.
    pub fields: &'static [FieldInfo],
}

macro_rules! segments {
    ($( $name:literal $module:ident::$segment:ident, )+) => {
        &[
            SegmentInfo {
                id: None,
                name: "request header",
                fields: <RequestHeader<'static> as Header<'static>>::FIELDS,
            },
            SegmentInfo {
                id: None,
                name: "response header",
                fields: <ResponseHeader<'static> as Header<'static>>::FIELDS,
            },
            $(
                SegmentInfo {
                    id: Some(<$module::$segment<'static> as Segment<'static>>::ID),
                    name: $name,
                    fields: <$module::$segment<'static> as Block<'static>>::FIELDS,
                },
            )+
        ]
    };
}

/// Every header and segment of D.0.
pub static SEGMENTS: &[SegmentInfo] = segments! {
    "patient" request::Patient,
    "pharmacy provider" request::PharmacyProvider,
    "prescriber" request::Prescriber,
    "insurance" request::Insurance,
    "coordination of benefits" request::CoordinationOfBenefits,
    "workers' compensation" request::WorkersCompensation,
    "claim" request::Claim,
    "DUR/PPS" request::DurPps,
    "coupon" request::Coupon,
    "compound" request::Compound,
    "pricing" request::Pricing,
    "prior authorization" request::PriorAuthorization,
    "clinical" request::Clinical,
    "additional documentation" request::AdditionalDocumentation,
    "facility" request::Facility,
    "narrative" request::Narrative,
    "response message" response::Message,
    "response status" response::Status,
    "response claim" response::Claim,
    "response pricing" response::Pricing,
    "response DUR/PPS" response::DurPps,
    "response insurance" response::Insurance,
    "response prior authorization" response::PriorAuthorization,
    "response insurance additional information" response::InsuranceAdditionalInformation,
    "response coordination of benefits" response::CoordinationOfBenefits,
    "response patient" response::Patient,
};

/// What is known of the field with this id, `None` for one that D.0 does not have.
pub fn lookup(id: FieldId) -> Option<&'static FieldInfo> {
    SEGMENTS.iter().find_map(|segment| find(segment.fields, id))
}

/// The segments and headers that have the field.
pub fn segments_with(id: FieldId) -> impl Iterator<Item = &'static SegmentInfo> {
    SEGMENTS.iter().filter(move |segment| find(segment.fields, id).is_some())
}

fn find(fields: &'static [FieldInfo], id: FieldId) -> Option<&'static FieldInfo> {
    fields.iter().find_map(|field| if field.id == id { Some(field) } else { find(field.items, id) })
}

/// The whole dictionary as a Markdown document, `docs/reference/ncpdp-fields.md`.
pub fn reference() -> String {
    let mut document = String::from(
        "# NCPDP D.0 fields\n\nEvery field that the decoder types, segment by segment in canonical \
         order. Made by\n`cargo run -p openpbm-wire --example field-table`; a test keeps it \
         current. The descriptions are our\nown; the standard's text is licensed by NCPDP. A field \
         that counts a group is followed by the fields\nof one occurrence, set in by an arrow.\n",
    );
    for segment in SEGMENTS {
        let id = segment.id.map(|id| format!(" ({id})")).unwrap_or_default();
        document.push_str(&format!(
            "\n## {}{id}\n\n| field | name | picture | meaning |\n|---|---|---|---|\n",
            segment.name
        ));
        push_rows(&mut document, segment.fields, 0);
    }
    document
}

fn push_rows(document: &mut String, fields: &[FieldInfo], depth: usize) {
    let inset = "→ ".repeat(depth);
    for field in fields {
        let FieldInfo { number, picture, meaning, .. } = field;
        let title = field.title();
        let meaning = meaning.trim();
        document.push_str(&format!("| {inset}{number} | {title} | `{picture}` | {meaning} |\n"));
        push_rows(document, field.items, depth + 1);
    }
}
