//! Members and their coverage, as enrollment files state them.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::stored::{is_empty, sparse};
use crate::{Circumstances, Date, GroupId, PersonCode};

/// Sex as enrolled, for rules that depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Female; 305-C5 code 2.
    #[n(0)]
    Female,
    /// Male; 305-C5 code 1.
    #[n(1)]
    Male,
}

/// Relationship to the subscriber, 306-C6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Relationship {
    /// The subscriber; code 1.
    #[n(0)]
    Subscriber,
    /// Spouse; code 2.
    #[n(1)]
    Spouse,
    /// Child; code 3.
    #[n(2)]
    Child,
    /// Any other; code 4.
    #[n(3)]
    Other,
}

/// One span of coverage in one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Coverage {
    /// The group whose benefit applies.
    #[n(0)]
    pub group: GroupId,
    /// First day covered.
    #[n(1)]
    pub from: Date,
    /// Last day covered; `None` while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(2)]
    pub to: Option<Date>,
}

impl Coverage {
    /// True if the span holds the day.
    pub fn holds(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }
}

/// One person of a family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Member {
    /// Who in the family.
    #[n(0)]
    pub person_code: PersonCode,
    /// Given name, as enrolled.
    #[n(1)]
    pub first_name: String,
    /// Family name, as enrolled.
    #[n(2)]
    pub last_name: String,
    /// Birth date.
    #[n(3)]
    pub birth: Date,
    /// Sex, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(4)]
    pub sex: Option<Sex>,
    /// Relationship to the subscriber.
    #[n(5)]
    pub relationship: Relationship,
    /// Spans of coverage, which do not overlap within a group, in order of their first day.
    #[n(6)]
    pub coverage: Vec<Coverage>,
    /// ICD-10-CM codes on file, without dots, like `E119`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[n(7)]
    pub diagnoses: Vec<String>,
    /// Substances the member is allergic to, in the book's ingredient words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[n(8)]
    pub allergies: Vec<String>,
    /// Known to be pregnant until this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(9)]
    pub pregnant_until: Option<Date>,
    /// What the benefit depends on beside coverage.
    #[serde(default, skip_serializing_if = "is_empty")]
    #[n(10)]
    #[cbor(with = "sparse", has_nil)]
    pub circumstances: Circumstances,
}
