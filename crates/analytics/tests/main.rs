//! Claims files: what is written is read again, whatever a claim says.

#[cfg(test)]
mod claims;
