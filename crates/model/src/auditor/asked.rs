//! What was asked about a family, and what was answered. Of a claim only a print and the little
//! that duplicates are told by are kept: the journal has the rest.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use openpbm_core::{
    BillingKey, Claim, Date, DrugUse, Npi, PersonCode, PrescriptionNumber, Reversal,
};

use crate::Reply;
use crate::workload::{Inquiry, Operation, Request};

/// One request, however often it was sent.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) what: What,
    /// Every transmission of it.
    pub(super) copies: Vec<Copy>,
    /// How often the journal has it.
    pub(super) applied: usize,
    /// How often the journal has a refusal that may be one of it, beside those.
    pub(super) refused: usize,
}

/// What was asked.
#[derive(Debug)]
pub(super) enum What {
    Bill(Billed),
    Rebill(Billed),
    Reverse(Box<Reversal>),
    Inquire(Box<Inquiry>),
}

/// What is kept of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Billed {
    pub(super) key: BillingKey,
    pub(super) drug: DrugUse,
    pub(super) person: Option<PersonCode>,
    /// A print of which part of a fill it is.
    pub(super) part: u64,
    /// Of all its content.
    pub(super) print: u64,
}

/// One transmission of a request.
#[derive(Debug)]
pub(super) struct Copy {
    /// When it left.
    pub(super) sent: u64,
    /// When it was answered, and how.
    pub(super) answer: Option<(u64, Box<Reply>)>,
}

/// All requests about a family.
#[derive(Debug, Default)]
pub(super) struct Requests {
    all: Vec<Asked>,
    /// By the print of kind and content.
    places: BTreeMap<u64, usize>,
}

impl Requests {
    /// The place of a request, new or sent before.
    pub(super) fn place(&mut self, operation: &Operation) -> usize {
        let print = Self::print(&operation.request);
        *self.places.entry(print).or_insert_with(|| {
            self.all.push(Asked {
                what: What::of(&operation.request),
                copies: Vec::with_capacity(1),
                applied: 0,
                refused: 0,
            });
            self.all.len() - 1
        })
    }

    /// The print of a request's kind and content. Sent again it has the same one.
    fn print(request: &Request) -> u64 {
        match request {
            Request::Bill(claim) => print(&('B', billing_print(claim))),
            Request::Rebill(claim) => print(&('C', billing_print(claim))),
            Request::Reverse(reversal) => reversal_print(reversal),
            Request::Inquire(inquiry) => print(&('E', inquiry)),
        }
    }

    /// The billing (B1), or the rebill (B3), of that claim.
    pub(super) fn of_claim(&self, claim: &Claim, is_rebill: bool) -> Option<usize> {
        let kind = if is_rebill { 'C' } else { 'B' };
        self.places.get(&print(&(kind, billing_print(claim)))).copied()
    }

    pub(super) fn of_reversal(&self, reversal: &Reversal) -> Option<usize> {
        self.places.get(&reversal_print(reversal)).copied()
    }

    /// Every reversal and rebill of a prescription and day, as the reversal that it asks for.
    pub(super) fn reversals_of(
        &self,
        transaction: &str,
        pharmacy: Npi,
        prescription: PrescriptionNumber,
        day: Date,
    ) -> impl Iterator<Item = (usize, Reversal)> {
        let asked = move |asked: &Asked| match (&asked.what, transaction) {
            (What::Reverse(reversal), "B2") => Some((**reversal).clone()),
            (What::Rebill(billed), "B3") => Some(billed.reversal()),
            _ => None,
        };
        let reversals = self.all.iter().enumerate();
        let reversals = reversals.filter_map(move |(place, it)| Some((place, asked(it)?)));
        reversals.filter(move |(_, reversal)| {
            (reversal.pharmacy, reversal.prescription, reversal.date_of_service)
                == (pharmacy, prescription, day)
        })
    }

    pub(super) fn get(&self, place: usize) -> Option<&Asked> {
        self.all.get(place)
    }

    pub(super) fn get_mut(&mut self, place: usize) -> Option<&mut Asked> {
        self.all.get_mut(place)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Asked)> {
        self.all.iter().enumerate()
    }
}

impl Asked {
    /// When its first transmission left.
    pub(super) fn first_sent(&self) -> u64 {
        self.copies.iter().map(|copy| copy.sent).min().unwrap_or_default()
    }
}

impl What {
    fn of(request: &Request) -> Self {
        match request {
            Request::Bill(claim) => Self::Bill(Billed::of(claim)),
            Request::Rebill(claim) => Self::Rebill(Billed::of(claim)),
            Request::Reverse(reversal) => Self::Reverse(Box::new(reversal.clone())),
            Request::Inquire(inquiry) => Self::Inquire(Box::new(inquiry.clone())),
        }
    }
}

impl Billed {
    pub(super) fn of(claim: &Claim) -> Self {
        let Claim { key, drug, person_code: person, .. } = *claim;
        Self { key, drug, person, part: print(&claim.details.partial), print: billing_print(claim) }
    }

    /// What a rebill takes back, but for the card, which its family says.
    fn reversal(&self) -> Reversal {
        Reversal {
            pharmacy: self.key.pharmacy,
            prescription: self.key.prescription,
            fill: Some(self.key.fill),
            date_of_service: self.key.date_of_service,
            ndc: None,
            cardholder: None,
        }
    }
}

fn print(content: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}

/// Of all that a pharmacy sends: the day on which a claim came in is not its to say.
fn billing_print(claim: &Claim) -> u64 {
    print(&Claim { received: claim.key.date_of_service, ..claim.clone() })
}

fn reversal_print(reversal: &Reversal) -> u64 {
    let Reversal { pharmacy, prescription, fill, date_of_service, ndc, cardholder } = reversal;
    print(&('R', pharmacy, prescription, fill, date_of_service, ndc, cardholder))
}
