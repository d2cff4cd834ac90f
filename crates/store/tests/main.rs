//! The store's tests: the contract that every store keeps, and what the embedded one adds.

#[cfg(test)]
#[macro_use]
mod contract;
#[cfg(test)]
mod copy;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod entries;
#[cfg(test)]
mod index;
#[cfg(test)]
mod migration;
#[cfg(test)]
mod model;
#[cfg(test)]
mod opening;
#[cfg(feature = "postgres-tests")]
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod process;
#[cfg(test)]
mod sqlite;
