//! Something that happened to a family, and its form in the temporary file.

use std::sync::Arc;

use openpbm_core::{Claim, ClaimId, Entry, FamilyId, MedicalTotal, Member, Reversal, Timestamp};
use openpbm_engine::transaction::Request;

/// Something that happened to a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// What a pharmacy sent, as a claims file states it: B1, B2 or B3.
    Sent {
        /// The authorization number under which it was decided, if it is known.
        id: Option<ClaimId>,
        /// What was sent.
        request: Request,
        /// The fingerprint of the answer that was given, if it is known.
        answer: Option<u64>,
    },
    /// An entry of a journal.
    Entry(Entry),
}

const BILLING: u8 = 1;
const REVERSAL: u8 = 2;
const REBILL: u8 = 3;
const ENTRY: u8 = 4;

impl Event {
    /// Members as an enrollment file states them.
    pub fn enrolled(members: Vec<Member>) -> Self {
        let event = openpbm_core::Event::Enrolled { members };
        Self::Entry(Entry { id: ClaimId::new(0, 0), recorded: Timestamp::default(), event })
    }

    /// What the medical side has come to, as a feed states it.
    pub fn medical(totals: Vec<MedicalTotal>) -> Self {
        let event = openpbm_core::Event::Medical { totals };
        Self::Entry(Entry { id: ClaimId::new(0, 0), recorded: Timestamp::default(), event })
    }

    /// Appends its stored form; nothing for a request that no pharmacy sends.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let (id, request, answer) = match self {
            Self::Entry(entry) => {
                out.push(ENTRY);
                out.extend(entry.to_bytes());
                return;
            }
            Self::Sent { id, request, answer } => (id, request, answer),
        };
        let (kind, bytes) = match request {
            Request::Billing(claim) => (BILLING, claim.to_bytes()),
            Request::Reversal(reversal) => (REVERSAL, reversal.to_bytes()),
            Request::Rebill(claim) => (REBILL, claim.to_bytes()),
            Request::Eligibility(_)
            | Request::Enrollment(_)
            | Request::Medical(_)
            | Request::Unreadable(_) => return,
        };
        out.push(kind);
        out.push(u8::from(id.is_some()) | u8::from(answer.is_some()) << 1);
        out.extend(id.iter().flat_map(|id| id.to_bytes()));
        out.extend(answer.iter().flat_map(|answer| answer.to_le_bytes()));
        out.extend(bytes);
    }

    /// Reads its stored form.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        if *kind == ENTRY {
            return Entry::from_bytes(rest).ok().map(Self::Entry);
        }
        let (flags, mut rest) = rest.split_first()?;
        let mut id = None;
        if flags & 1 != 0 {
            let (bytes, after) = rest.split_first_chunk()?;
            id = Some(ClaimId::from_bytes(*bytes)?);
            rest = after;
        }
        let mut answer = None;
        if flags & 2 != 0 {
            let (bytes, after) = rest.split_first_chunk()?;
            answer = Some(u64::from_le_bytes(*bytes));
            rest = after;
        }
        let claim = || Claim::from_bytes(rest).ok().map(Arc::new);
        let request = match *kind {
            BILLING => Request::Billing(claim()?),
            REVERSAL => Request::Reversal(Reversal::from_bytes(rest).ok()?),
            REBILL => Request::Rebill(claim()?),
            _ => return None,
        };
        Some(Self::Sent { id, request, answer })
    }
}

/// When something happened, in relation to what else happened to the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Before everything that has a place of the other kind: who is enrolled stands in another
    /// file than the claims.
    Before(u64),
    /// In the order of the lines of a file, or of a journal's sequence numbers.
    At(u64),
}

impl Place {
    /// The line or the sequence number.
    pub const fn number(self) -> u64 {
        match self {
            Self::Before(number) | Self::At(number) => number,
        }
    }
}

/// Whose event it is, where it stands among all, and its stored form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Framed<'b> {
    pub(super) family: FamilyId,
    pub(super) place: Place,
    pub(super) stored: &'b [u8],
}

impl<'b> Framed<'b> {
    /// Appends a frame: the length of what follows, the family, the place, the event.
    pub(super) fn write(family: FamilyId, place: Place, event: &Event, out: &mut Vec<u8>) {
        let begin = out.len();
        out.extend([0; 4]);
        let name = family.as_str().as_bytes();
        out.push(u8::try_from(name.len()).unwrap_or(0));
        out.extend(name);
        out.push(u8::from(matches!(place, Place::At(_))));
        out.extend(place.number().to_le_bytes());
        event.write(out);
        let length = u32::try_from(out.len() - begin - 4).unwrap_or(0);
        if let Some(header) = out.get_mut(begin..begin + 4) {
            header.copy_from_slice(&length.to_le_bytes());
        }
    }

    /// Takes the first frame off.
    pub(super) fn take(bytes: &mut &'b [u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (frame, rest) = rest.split_at_checked(length)?;
        *bytes = rest;
        let (name, frame) = frame.split_first()?;
        let (name, frame) = frame.split_at_checked(usize::from(*name))?;
        let family = std::str::from_utf8(name).ok()?.parse().ok()?;
        let (is_at, frame) = frame.split_first()?;
        let (number, stored) = frame.split_first_chunk()?;
        let number = u64::from_le_bytes(*number);
        let place = if *is_at == 0 { Place::Before(number) } else { Place::At(number) };
        Some(Self { family, place, stored })
    }
}
