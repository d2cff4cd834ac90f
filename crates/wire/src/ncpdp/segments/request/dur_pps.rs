//! Segment 08: what the pharmacist found in drug utilization review and did about it.

segment! {
    /// Conflicts found in drug utilization review, and professional services given.
    b"08" DurPps<'a> {
        /// The number of the service that follows, from 1.
        "473-7E" services: series(Service<'a>, 1),
    }
}

group! {
    /// One conflict, what was done about it, and how that ended.
    Service<'a> {
        /// The conflict: `DD` drug with drug, `TD` duplicate therapy, `HD` high dose…
        "439-E4" reason_code: text(2),
        /// What the pharmacist did: `M0` asked the prescriber, `R0` consulted other sources…
        "440-E5" professional_service_code: text(2),
        /// How it ended: `1B` filled as it is, `1G` filled with the prescriber's approval…
        "441-E6" result_code: text(2),
        /// How much effort the service took.
        "474-8E" level_of_effort: number(2),
        /// Which kind of id 476-H6 is.
        "475-J9" co_agent_id_qualifier: text(2),
        /// The drug, diagnosis or allergy that the drug dispensed conflicts with.
        "476-H6" co_agent_id: text(19),
    }
}
