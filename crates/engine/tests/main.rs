//! What the engine promises, shown from outside, on the sample book.
//!
//! `tables` are claims a pharmacist can read, each computed by hand; `model` is a second, naive
//! reckoning of the same money, which `agreement` compares with the engine's; `properties` are
//! what must hold of any claim whatever; `designs` are the benefit designs of the documentation,
//! and `worked` the numbers that others have published, of which those of `adherence` and
//! `payment_plan` stand by themselves.

#[cfg(test)]
mod adherence;
#[cfg(test)]
mod agreement;
#[cfg(test)]
mod books;
#[cfg(test)]
mod cast;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod designs;
#[cfg(test)]
mod details;
#[cfg(test)]
mod model;
#[cfg(test)]
mod owed;
#[cfg(test)]
mod payment_plan;
#[cfg(test)]
mod placing;
#[cfg(test)]
mod play;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod quoting;
#[cfg(test)]
mod reprocessing;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod worked;
#[cfg(test)]
mod workload;
