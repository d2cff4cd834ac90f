//! The tests of the book, in one binary.

#[cfg(test)]
mod differences;
#[cfg(test)]
mod import;
#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod placing;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod shelf;
#[cfg(test)]
mod support;
