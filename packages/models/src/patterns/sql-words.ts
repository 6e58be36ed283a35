/** Words of SQL's grammar that queries on Athena are made of. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  `all and any array as asc at between bigint boolean both by case cast char columns create cross cube current date day
  decimal delete desc describe distinct double drop else end escape except execute exists explain extract false fetch filter first
  following for from full group grouping having hour if ilike in inner insert int integer intersect interval into is join
  last lateral leading left like limit map minute month natural not null nulls offset on only or order outer over partition
  precedes preceding prepare quarter range real recursive right rollup row rows second select set sets show smallint some string
  table tablesample tables then time timestamp tinyint to trailing true try_cast unbounded union unload unnest update using values
  varchar view week when where window with within year zone`.split(/\s+/),
);

/** Functions of Athena that keep their names. */
export const FUNCTIONS: ReadonlySet<string> = new Set(
  `abs approx_distinct approx_percentile arbitrary array_agg array_join avg bool_and bool_or cardinality ceil ceiling coalesce concat contains corr
  count count_if cume_dist current_date current_timestamp date_add date_diff date_format date_parse date_trunc day_of_month
  day_of_week day_of_year dense_rank element_at exp first_value floor format format_datetime from_iso8601_date from_unixtime greatest
  histogram lag last_value lead least length ln localtimestamp log log10 log2 lower lpad ltrim max max_by median min min_by mod
  now ntile nullif parse_datetime percent_rank position power rand random rank regexp_extract regexp_like regexp_replace replace
  reverse round row_number rpad rtrim sequence sign split split_part sqrt stddev stddev_pop stddev_samp strpos substr substring
  sum to_unixtime transform trim truncate try typeof upper variance var_pop var_samp width_bucket`.split(
    /\s+/,
  ),
);
