//! Members and their coverage, as enrollment files state them.

use serde::{Deserialize, Serialize};

use crate::{Date, GroupId, PersonCode};

/// Sex as enrolled, for rules that depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Female; 305-C5 code 2.
    Female,
    /// Male; 305-C5 code 1.
    Male,
}

/// Relationship to the subscriber, 306-C6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relationship {
    /// The subscriber; code 1.
    Subscriber,
    /// Spouse; code 2.
    Spouse,
    /// Child; code 3.
    Child,
    /// Any other; code 4.
    Other,
}

/// One span of coverage in one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The group whose benefit applies.
    pub group: GroupId,
    /// First day covered.
    pub from: Date,
    /// Last day covered; `None` while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl Coverage {
    /// True if the span holds the day.
    pub fn holds(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }
}

/// One person of a family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who in the family.
    pub person_code: PersonCode,
    /// Given name, as enrolled.
    pub first_name: String,
    /// Family name, as enrolled.
    pub last_name: String,
    /// Birth date.
    pub birth: Date,
    /// Sex, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Relationship to the subscriber.
    pub relationship: Relationship,
    /// Spans of coverage, which do not overlap within a group, in order of their first day.
    pub coverage: Vec<Coverage>,
    /// ICD-10-CM codes on file, without dots, like `E119`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnoses: Vec<String>,
    /// Substances the member is allergic to, in the book's ingredient words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allergies: Vec<String>,
    /// Known to be pregnant until this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pregnant_until: Option<Date>,
}
