-- The plan of a check is made once for each connection, perhaps while a table is still empty: read from end
-- to end it costs nothing then, and a hundredfold once there are rows, until statistics are taken anew.
-- Every row that a check looks at is found by an index; so it is planned that way from the first day.
alter function directory.check_access set enable_seqscan = off;
alter function directory.check_access_by_key set enable_seqscan = off;
