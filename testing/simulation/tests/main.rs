//! The simulation itself: the shipped nodes pass, planted mistakes are found, a seed is a story.

#[cfg(test)]
mod found;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod store;
