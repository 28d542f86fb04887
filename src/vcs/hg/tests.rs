//! Against real repositories, made with the real `hg`.
