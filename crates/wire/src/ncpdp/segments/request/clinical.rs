//! Segment 13: the patient's diagnoses and measurements.

segment! {
    /// The patient's diagnoses and measurements, as far as they bear on the claim.
    b"13" Clinical<'a> {
        /// How many diagnoses follow, 1 to 5.
        "491-VE" diagnoses: counted(Diagnosis<'a>, 1),
        /// The number of the measurement that follows, from 1.
        "493-XE" measurements: series(Measurement<'a>, 1),
    }
}

group! {
    /// A diagnosis.
    Diagnosis<'a> {
        /// The code list of 424-DO; `02` is ICD-10-CM.
        "492-WE" qualifier: text(2),
        /// The diagnosis, without its decimal point.
        "424-DO" code: text(15),
    }
}

group! {
    /// A measurement of the patient.
    Measurement<'a> {
        /// The day of the measurement.
        "494-ZE" date: date(),
        /// The time of the measurement.
        "495-H1" time: time(),
        /// What was measured: weight, blood pressure, a laboratory value…
        "496-H2" dimension: text(2),
        /// The unit of 499-H4.
        "497-H3" unit: text(2),
        /// The value measured.
        "499-H4" value: text(15),
    }
}
