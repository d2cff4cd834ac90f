//! The service as a pharmacy meets it: bytes in, bytes out, and what is durable behind them.
#![cfg(test)]

mod answers;
mod details;
mod enrollment;
mod fields;
mod house;
mod medical;
mod overload;
mod payment_plan;
mod projection;
mod reprocessing;
mod restart;
mod retention;
mod together;
mod verification;
