//! What is responded, through the window.
