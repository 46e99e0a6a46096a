-- Providers state amounts in the currency's minor unit: a hundredth for most, none for the yen, a
-- thousandth for the dinars (ISO 4217). A code that is not listed has hundredths.
create function reference.minor_unit(currency text) returns numeric
language sql immutable parallel safe
as $$
  select case
    when upper(currency) in (
      'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND',
      'VUV', 'XAF', 'XOF', 'XPF'
    ) then 1
    when upper(currency) in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 0.001
    when upper(currency) in ('CLF', 'UYW') then 0.0001
    else 0.01
  end
$$;
comment on function reference.minor_unit(text) is
  'How much of a currency one of its minor units is: 0.01 for EUR, 1 for JPY, 0.001 for KWD.';
