//! The store's tests: the contract that every store keeps, and what the embedded one adds.

#[cfg(test)]
#[macro_use]
mod contract;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod entries;
#[cfg(test)]
mod model;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod process;
#[cfg(test)]
mod sqlite;
