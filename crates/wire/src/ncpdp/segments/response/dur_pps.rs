//! Segment 24: what the payer's drug utilization review found.

segment! {
    /// What the payer's drug utilization review found.
    b"24" DurPps<'a> {
        /// The number of the alert that follows, from 1.
        "567-J6" alerts: series(Alert<'a>, 1),
    }
}

group! {
    /// One conflict found.
    Alert<'a> {
        /// The conflict: `DD` drug with drug, `TD` duplicate therapy, `ER` overuse…
        "439-E4" reason_code: text(2),
        /// How serious it is: `1` major, `2` moderate, `3` minor.
        "528-FS" clinical_significance: text(1),
        /// Where the other drug was filled: 1 same pharmacy, 2 same chain, 3 another…
        "529-FT" other_pharmacy_indicator: number(1),
        /// The day of the other drug's fill.
        "530-FU" previous_fill_date: date(),
        /// The quantity of the other drug's fill, in thousandths of its billing unit.
        "531-FV" previous_fill_quantity: quantity(7),
        /// Whose knowledge the alert is based on: `1` First DataBank, `2` Medi-Span…
        "532-FW" database_indicator: text(1),
        /// Who prescribed the other drug: 1 same prescriber, 2 another.
        "533-FX" other_prescriber_indicator: number(1),
        /// The alert in free text.
        "544-FY" message: text(30),
        /// More about it in free text.
        "570-NS" additional_text: text(100),
    }
}
