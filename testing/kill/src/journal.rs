//! The journal that a run left behind, read in order and counted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use openpbm_core::{BillingKey, ClaimId, Entry, Event, FamilyId};
use openpbm_model::auditor::Auditor;
use openpbm_store::postgres::PostgresReader;
use openpbm_store::sqlite::SqliteReader;
use openpbm_store::{Cursor, Reader, Sealed};

/// About so many entries are held at once, to give the auditor one family after the other.
const AT_ONCE: u64 = 200_000;
const PAGE: usize = 4_096;

/// A journal that can be read again and again.
pub(crate) struct Journal(Box<dyn Reader>);

/// What a journal shows without knowing anything of the traffic.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Entries in all.
    pub(crate) entries: u64,
    /// The id of each entry, by its family and its place in it.
    pub(crate) ids: BTreeMap<(FamilyId, u64), ClaimId>,
    /// Entries that repeat an id, and claims paid while their key was paid already.
    pub(crate) twice: u64,
}

impl Journal {
    /// Opens the journal below a data directory, or that of a database.
    pub(crate) fn open(data: &Path, database: Option<&str>) -> anyhow::Result<Self> {
        let reader: Box<dyn Reader> = match database {
            None => Box::new(SqliteReader::open(&data.join("journal"))?),
            Some(url) => Box::new(PostgresReader::open(url)?),
        };
        Ok(Self(reader))
    }

    /// Gives the auditor every entry, family by family, and counts what is there.
    pub(crate) fn follow(&self, auditor: &mut Auditor) -> anyhow::Result<Seen> {
        let heads = self.0.heads().context("reading the ends of the journal")?;
        let parts = heads.iter().map(|head| head.sequence).sum::<u64>() / AT_ONCE + 1;
        let (mut seen, mut all_ids) = (Seen::default(), BTreeSet::new());
        // What belongs to nobody is known before the first family is judged.
        for part in [Part::Nobody].into_iter().chain((0..parts).map(|it| Part::Of(it, parts))) {
            let mut families: BTreeMap<FamilyId, Vec<(u64, Entry)>> = BTreeMap::new();
            for head in &heads {
                self.each_until(*head, |sealed| {
                    let Sealed { family, version, .. } = *sealed;
                    if part.has(family) {
                        let entry = sealed.open()?.entry;
                        families.entry(family).or_default().push((version, entry));
                    }
                    Ok(())
                })?;
            }
            for (family, entries) in families {
                seen.count(family, &entries, &mut all_ids);
                for (version, entry) in &entries {
                    auditor.follow(family, *version, entry);
                }
                if part != Part::Nobody {
                    auditor.close(family);
                }
            }
        }
        Ok(seen)
    }

    /// Every entry of a shard up to a place, in order.
    fn each_until(
        &self,
        head: Cursor,
        mut visit: impl FnMut(&Sealed) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut cursor = Cursor::start(head.shard);
        while cursor.sequence < head.sequence {
            let page = self.0.read_from(cursor, PAGE).context("reading the journal")?;
            page.iter().try_for_each(&mut visit)?;
            let last = page.last().context("the journal ends before its head")?;
            cursor = cursor.past(last);
        }
        Ok(())
    }
}

impl Seen {
    fn count(&mut self, family: FamilyId, entries: &[(u64, Entry)], all: &mut BTreeSet<ClaimId>) {
        let mut paid: BTreeMap<BillingKey, ClaimId> = BTreeMap::new();
        for (version, entry) in entries {
            self.entries += 1;
            self.ids.insert((family, *version), entry.id);
            self.twice += u64::from(!all.insert(entry.id));
            match &entry.event {
                Event::Decided { claim, rebills, adjudication, .. } => {
                    if adjudication.paid().is_none() {
                        continue;
                    }
                    if let Some(old) = rebills {
                        paid.retain(|_, id| id != old);
                    }
                    let before = paid.insert(claim.key, entry.id);
                    self.twice += u64::from(before.is_some());
                }
                Event::Reversed { claim, .. } => paid.retain(|_, id| id != claim),
                _ => {}
            }
        }
    }

    /// How many of these decisions are not in the journal.
    pub(crate) fn missing(&self, told: &[ClaimId]) -> u64 {
        let held: BTreeSet<_> = self.ids.values().collect();
        told.iter().map(|id| u64::from(!held.contains(id))).sum()
    }

    /// How many entries another journal does not have at the same place. None: every family here
    /// is in a state that it had there.
    pub(crate) fn beside(&self, other: &Self) -> u64 {
        let differs = |(place, id): &(&(FamilyId, u64), &ClaimId)| other.ids.get(place) != Some(id);
        self.ids.iter().map(|entry| u64::from(differs(&entry))).sum()
    }
}

/// Which families are looked at in one pass over the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Refusals that belong to nobody; they are kept under the pharmacy.
    Nobody,
    /// One part of the families, and how many parts there are.
    Of(u64, u64),
}

impl Part {
    fn has(self, family: FamilyId) -> bool {
        let is_nobody = family.as_str().starts_with('~');
        match self {
            Self::Nobody => is_nobody,
            Self::Of(part, parts) => {
                let mixed = family
                    .as_str()
                    .bytes()
                    .fold(0_u64, |sum, byte| sum.wrapping_mul(0x0100_0000_01B3) ^ u64::from(byte));
                !is_nobody && mixed % parts == part
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use openpbm_core::{
        Adjudication, BillingKey, BookVersion, Cents, Claim, Date, Design, DrugUse, Outcome, Paid,
        PrescriptionNumber, PriceBasis, ProductKind, Quantity, Refusal, Reversal, Timestamp,
    };

    use super::*;

    const DAY: fn() -> Date = || Date::new(2026, 3, 1).unwrap();

    fn id(number: u64) -> ClaimId {
        ClaimId::new(number, 0)
    }

    fn entry(number: u64, event: Event) -> Entry {
        Entry { id: id(number), recorded: Timestamp::from_millis(number), event }
    }

    fn key(prescription: u64) -> BillingKey {
        BillingKey {
            pharmacy: "1999000015".parse().unwrap(),
            prescription: PrescriptionNumber::new(prescription).unwrap(),
            fill: 0,
            date_of_service: DAY(),
        }
    }

    fn paid(number: u64, prescription: u64, rebills: Option<u64>) -> Entry {
        let claim = Claim {
            key: key(prescription),
            received: DAY(),
            group: None,
            cardholder: "F1".parse().unwrap(),
            person_code: None,
            birth: DAY(),
            sex: None,
            pregnant: false,
            prescriber: "1999000114".parse().unwrap(),
            drug: DrugUse {
                ndc: "00003089421".parse().unwrap(),
                quantity: Quantity::units(30),
                days_supply: 30,
            },
            daw: 0,
            compound: false,
            other_coverage: None,
            usual_and_customary: None,
            gross_amount_due: Cents::new(100),
            diagnoses: Vec::new(),
            dur_overrides: Vec::new(),
            details: openpbm_core::Details::default(),
        };
        let paid = Paid {
            person: "01".parse().unwrap(),
            group: "G".parse().unwrap(),
            plan_year: DAY(),
            tier: 1,
            kind: ProductKind::Generic,
            basis: PriceBasis::Nadac,
            ingredient_cost: Cents::new(100),
            dispensing_fee: Cents::ZERO,
            deductible: Cents::ZERO,
            copay: Cents::ZERO,
            coinsurance: Cents::ZERO,
            product_selection: Cents::ZERO,
            accumulated_deductible: Cents::ZERO,
            remaining_deductible: None,
            accumulated_out_of_pocket: Cents::ZERO,
            remaining_out_of_pocket: None,
            beside: openpbm_core::Beside::default(),
            compound: None,
            bought_340b: false,
            emergency_supply: false,
            coordination: openpbm_core::Coordination::default(),
            brought: openpbm_core::Brought::default(),
            design: Design::default(),
        };
        let adjudication = Adjudication {
            outcome: Outcome::Paid(paid),
            steps: Vec::new(),
            alerts: Vec::new(),
            next_fill: None,
            alternatives: Vec::new(),
            part_d: None,
        };
        let decided = Event::Decided {
            claim: claim.into(),
            book: BookVersion::from_digest([0; 32]),
            rebills: rebills.map(id),
            adjudication: adjudication.into(),
        };
        entry(number, decided)
    }

    fn reversed(number: u64, claim: u64) -> Entry {
        let key = key(1);
        let reversal = Reversal {
            pharmacy: key.pharmacy,
            prescription: key.prescription,
            fill: None,
            date_of_service: key.date_of_service,
            ndc: None,
            cardholder: None,
        };
        entry(number, Event::Reversed { reversal, claim: id(claim), key, undoes: None })
    }

    fn seen(entries: Vec<Entry>) -> Seen {
        let mut seen = Seen::default();
        let numbered: Vec<_> = (1..).zip(entries).collect();
        seen.count("F1".parse().unwrap(), &numbered, &mut BTreeSet::new());
        seen
    }

    #[test]
    fn a_claim_may_be_paid_again_only_after_it_was_taken_back() {
        for (entries, twice) in [
            (vec![paid(1, 1, None), paid(2, 2, None)], 0),
            (vec![paid(1, 1, None), paid(2, 1, None)], 1),
            (vec![paid(1, 1, None), reversed(2, 1), paid(3, 1, None)], 0),
            (vec![paid(1, 1, None), paid(2, 1, Some(1))], 0),
            (vec![paid(1, 1, None), paid(2, 1, Some(1)), paid(3, 1, None)], 1),
        ] {
            assert_eq!(seen(entries.clone()).twice, twice, "{entries:?}");
        }
    }

    #[test]
    fn an_id_is_there_once() {
        assert_eq!(seen(vec![paid(1, 1, None), paid(1, 2, None)]).twice, 1);
    }

    #[test]
    fn what_was_told_and_is_not_there_is_missing() {
        let seen = seen(vec![paid(1, 1, None), paid(3, 2, None)]);
        assert_eq!(seen.missing(&[id(1), id(3)]), 0);
        assert_eq!(seen.missing(&[id(1), id(2), id(3), id(4)]), 2);
    }

    #[test]
    fn a_copy_holds_nothing_that_never_was() {
        let live = seen(vec![paid(1, 1, None), reversed(2, 1), paid(3, 1, None)]);
        assert_eq!(seen(vec![paid(1, 1, None), reversed(2, 1)]).beside(&live), 0);
        assert_eq!(seen(vec![paid(1, 1, None), paid(3, 1, None)]).beside(&live), 1);
        assert_eq!(live.beside(&seen(vec![paid(1, 1, None)])), 2);
    }

    #[test]
    fn every_family_is_in_one_part_and_no_part_is_empty() {
        let family = |number| format!("SIM{number:06}").parse::<FamilyId>().unwrap();
        let parts = [Part::Nobody, Part::Of(0, 3), Part::Of(1, 3), Part::Of(2, 3)];
        let found = parts.map(|part| (0..100).filter(|n| part.has(family(*n))).count());
        assert_eq!(found.iter().sum::<usize>(), 100);
        assert!(found[0] == 0 && found[1..].iter().all(|count| *count > 0), "{found:?}");
        let nobody = "~1999000015".parse().unwrap();
        assert_eq!(parts.map(|part| part.has(nobody)), [true, false, false, false]);
    }

    #[test]
    fn a_refusal_is_no_payment() {
        let refused = Refusal {
            transaction: "B2".to_owned(),
            pharmacy: None,
            prescription: None,
            date_of_service: None,
            reasons: Vec::new(),
        };
        let entries = vec![paid(1, 1, None), entry(2, Event::Refused(refused))];
        assert_eq!((seen(entries.clone()).entries, seen(entries).twice), (2, 0));
    }
}
