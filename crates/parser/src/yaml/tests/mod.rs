mod errors;
mod offsets;
mod oracle;
mod robust;
mod tree;
