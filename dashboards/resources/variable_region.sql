select distinct region from mart.rpt_resource order by region
