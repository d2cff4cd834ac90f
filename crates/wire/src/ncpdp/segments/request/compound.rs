//! Segment 10: what a compound is made of.

segment! {
    /// What a compound is made of.
    b"10" Compound<'a> {
        /// The dosage form made, as a code.
        "450-EF" dosage_form: text(2),
        /// The unit of the compound's quantity: 1 each, 2 grams, 3 millilitres.
        "451-EG" dispensing_unit: number(1),
        /// How many ingredients follow, 1 to 25.
        "447-EC" ingredients: counted(Ingredient<'a>, 2),
    }
}

group! {
    /// One ingredient of a compound.
    Ingredient<'a> {
        /// Which kind of id 489-TE is; `03` is an NDC.
        "488-RE" product_id_qualifier: text(2),
        /// The ingredient.
        "489-TE" product_id: text(19),
        /// How much of it the compound holds, in thousandths of its billing unit.
        "448-ED" quantity: quantity(7),
        /// What it cost, in cents.
        "449-EE" drug_cost_cents: money(6),
        /// What that cost is based on.
        "490-UE" basis_of_cost_determination: text(2),
        /// How many modifiers of the ingredient follow.
        "362-2G" modifiers: counted(IngredientModifier<'a>, 2),
    }
}

group! {
    /// A modifier of an ingredient.
    IngredientModifier<'a> {
        /// The modifier.
        "363-2H" code: text(2),
    }
}
