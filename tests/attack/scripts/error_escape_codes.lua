-- Terminals that obey: titles, colours, and lines that are written over.
print("\27]0;owned\7\27[2J\27[31mred\r overwritten \8\8\8")
log("\27]52;c;cm0gLXJm\7")
error("\27[2J\27]0;owned\7 gone\r")
