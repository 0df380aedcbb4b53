-- Documents that every order and step writes, and nobody filters on, are text: the hub wrote them itself, so to read them as JSON on input only
-- costs. Who looks inside one casts it. NOTE: it rewrites the tables, the log with all its partitions, once.

alter table events alter column actor type text using actor::text, alter column data type text using data::text;
alter table fulfillment_orders alter column doc type text using doc::text;
alter table order_states alter column doc type text using doc::text;
alter table orders alter column intake type text using intake::text;
alter table parcels alter column doc type text using doc::text;
alter table sourcing_decisions alter column doc type text using doc::text;
