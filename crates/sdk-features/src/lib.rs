//! Has no code. Cargo compiles a crate anew for each set of features; functions with the AWS SDK had other sets than those
//! without, and each crate was compiled twice for a package. What a program does not use, the linker leaves out.
