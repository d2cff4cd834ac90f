//! The program as people meet it.

#[cfg(test)]
mod adherence;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod logs;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod payment_plan;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod replay;
#[cfg(test)]
#[cfg(feature = "otel")]
mod traces;
#[cfg(test)]
mod verbs;
#[cfg(test)]
mod world;
