//! The engine against the reference adjudicator: generated histories, the cases that were found
//! before, and mistakes that are planted to see whether they would be.

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod auditor;
#[cfg(test)]
mod by_hand;
#[cfg(test)]
mod engine;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod part_d;
#[cfg(test)]
mod partial;
#[cfg(test)]
mod payment_plan;
#[cfg(test)]
mod planted;
#[cfg(test)]
mod setting;
