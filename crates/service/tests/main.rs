//! The service as a pharmacy meets it: bytes in, bytes out, and what is durable behind them.
#![cfg(test)]

mod answers;
mod enrollment;
mod fields;
mod house;
mod restart;
mod together;
mod verification;
