//! Money as it is read, and as a picture: a bar that is cut into its parts.

use openpbm_core::{Cents, Overflow, Paid};

/// The width of a whole bar, in the units of its drawing.
const WHOLE: i64 = 1000;

/// `$1,234.56`.
pub(crate) fn dollars(amount: Cents) -> String {
    let sign = if amount.is_negative() { "-" } else { "" };
    let cents = amount.get().unsigned_abs();
    format!("{sign}${}.{:02}", grouped(cents / 100), cents % 100)
}

/// `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A bar of the price, cut into parts, and whose they are.
pub(crate) struct Bar {
    pub(crate) title: &'static str,
    pub(crate) shares: Vec<Share>,
}

/// What one side pays or gets.
pub(crate) struct Share {
    pub(crate) label: &'static str,
    pub(crate) amount: String,
    pub(crate) parts: Vec<Part>,
    /// True if the legend names the parts; false if the one part is the share.
    pub(crate) itemized: bool,
}

/// One part of a bar, and its line in the legend.
pub(crate) struct Part {
    pub(crate) label: &'static str,
    /// What the part is, for those who meet the word for the first time.
    pub(crate) means: &'static str,
    pub(crate) amount: String,
    /// Its colour, by the name of a class.
    pub(crate) class: &'static str,
    /// Where it starts and how long it is, in thousandths of the bar.
    pub(crate) start: i64,
    pub(crate) length: i64,
}

/// Who pays the price.
pub(crate) fn payers(paid: &Paid) -> Result<Bar, Overflow> {
    let mut knife = Knife { whole: paid.price()?, cut: Cents::ZERO };
    let over = paid.design.over_benefit_maximum;
    let patient = [
        knife.part("deductible", "paid in full until it is met", "deductible", paid.deductible),
        knife.part("copay", "a fixed amount", "copay", paid.copay),
        knife.part("coinsurance", "a share of the price", "coinsurance", paid.coinsurance),
        knife.part("brand choice", "above the generic's price", "choice", paid.product_selection),
        knife.part("no benefit left", "above the plan's maximum", "choice", over),
    ];
    let plan = knife.part("plan", "", "plan", paid.plan_pays()?);
    let shares = vec![
        Share::of("The patient pays", paid.patient_pay()?, patient),
        Share::of("The plan pays", paid.plan_pays()?, [plan]),
    ];
    Ok(Bar { title: "Who pays", shares })
}

/// What the price is made of.
pub(crate) fn price(paid: &Paid) -> Result<Bar, Overflow> {
    let whole = paid.price()?;
    let fees = paid.beside.incentive.plus(paid.beside.other()?)?;
    let tax = paid.beside.flat_tax.plus(paid.beside.percentage_tax)?;
    let mut knife = Knife { whole, cut: Cents::ZERO };
    let parts = [
        knife.part("ingredient cost", "for the drug itself", "ingredient", paid.ingredient_cost),
        knife.part("dispensing fee", "for the pharmacy's work", "fee", paid.dispensing_fee),
        knife.part("other fees", "for giving a vaccine, delivery and the like", "fee", fees),
        knife.part("sales tax", "for the state", "fee", tax),
    ];
    Ok(Bar { title: "What it is for", shares: vec![Share::of("The pharmacy gets", whole, parts)] })
}

impl Share {
    fn of<const N: usize>(label: &'static str, amount: Cents, parts: [Option<Part>; N]) -> Self {
        let parts = parts.into_iter().flatten().collect();
        Self { label, amount: dollars(amount), parts, itemized: N > 1 }
    }
}

/// Cuts a whole into parts, one behind the other.
struct Knife {
    whole: Cents,
    cut: Cents,
}

impl Knife {
    /// The next part; none for a part of nothing.
    fn part(
        &mut self,
        label: &'static str,
        means: &'static str,
        class: &'static str,
        amount: Cents,
    ) -> Option<Part> {
        // Both ends are rounded alike, so that the parts meet.
        let start = place(self.cut, self.whole)?;
        self.cut = self.cut.plus(amount).ok()?;
        let length = place(self.cut, self.whole)? - start;
        let part = Part { label, means, amount: dollars(amount), class, start, length };
        (amount != Cents::ZERO).then_some(part)
    }
}

/// How far along the bar an amount reaches; nowhere for a whole of nothing.
fn place(amount: Cents, whole: Cents) -> Option<i64> {
    let place = i128::from(amount.get()).checked_mul(i128::from(WHOLE))?;
    i64::try_from(place.checked_div(i128::from(whole.get()))?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_grouped_by_thousands() {
        for (cents, text) in [
            (0, "$0.00"),
            (5, "$0.05"),
            (28_991, "$289.91"),
            (100_000, "$1,000.00"),
            (123_456_789, "$1,234,567.89"),
            (-4_500, "-$45.00"),
        ] {
            assert_eq!(dollars(Cents::new(cents)), text);
        }
    }

    #[test]
    fn places_on_the_bar_end_at_its_end() {
        let whole = Cents::new(33_641);
        assert_eq!(place(Cents::ZERO, whole), Some(0));
        assert_eq!(place(Cents::new(4_500), whole), Some(133));
        assert_eq!(place(whole, whole), Some(WHOLE));
        assert_eq!(place(whole, Cents::ZERO), None);
    }
}
