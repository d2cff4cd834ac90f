//! The bills of the Prescription Payment Plan, by the engine and by the model.

use openpbm_core::Cents;
use openpbm_engine::payment_plan::{Year, bills};
use openpbm_model::Rng;
use openpbm_model::payment_plan::{Billed, monthly};

/// Years of fills of which some are brought back, by what they have come to until then.
#[test]
fn both_bill_every_year_alike() {
    let (mut rng, mut returned) = (Rng::new(423_137), 0);
    for _ in 0..20_000 {
        let first = u8::try_from(rng.between(1, 12)).unwrap();
        let threshold = Cents::new(rng.between(0, 300_000));
        let incurred = Cents::new(rng.between(0, 300_000));
        let (mut costs, mut credits) = ([Cents::ZERO; 12], [Cents::ZERO; 12]);
        let (mut changes, mut owed) = (Vec::new(), 0);
        for month in first..=12 {
            let place = usize::from(month) - 1;
            if rng.percent(60) {
                costs[place] = Cents::new(rng.between(0, 90_000));
                changes.push((month, costs[place]));
                owed += costs[place].get();
            }
            if rng.percent(25) {
                let all = rng.percent(30);
                credits[place] = Cents::new(if all { owed } else { rng.between(0, owed) });
                changes.push((month, Cents::ZERO.minus(credits[place]).unwrap()));
                owed -= credits[place].get();
            }
        }
        let year = Year { threshold, incurred, first, last: None, costs, credits };
        let engine = bills(&year).unwrap();
        let engine = engine.iter().map(|bill| Billed {
            month: bill.month,
            asked: bill.billed,
            returned: bill.refunded,
        });
        let model = monthly(incurred.left_of(threshold), first, &changes);
        assert_eq!(engine.collect::<Vec<_>>(), model, "{year:?}");
        returned += model.iter().filter(|it| it.returned != Cents::ZERO).count();
    }
    assert!(returned > 1_000, "{returned}");
}
