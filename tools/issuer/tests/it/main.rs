//! The issuer from outside, over HTTP.

mod binary;
mod flow;
mod world;
