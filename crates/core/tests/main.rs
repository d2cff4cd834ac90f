//! What other programs and later releases hold this vocabulary to.

#[cfg(test)]
mod stored;
