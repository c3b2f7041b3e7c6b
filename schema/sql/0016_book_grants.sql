-- Fees and signers of the book's lines are read by the clerk alone: nobody else asks for them.
REVOKE SELECT ON registry.book_line FROM registry_writer, registry_publisher, registry_reader;
